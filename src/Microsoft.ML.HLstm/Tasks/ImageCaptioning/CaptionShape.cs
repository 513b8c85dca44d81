using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>The sizes that decide a captioning network's matrices.</summary>
internal sealed record CaptionShape(
    int FeatureSize, int Vocabulary, int EmbeddingSize, int StateSize, int Layers, bool Attention, bool TieOutput, GateNetworkOptions Gates)
{
    /// <summary>Width A of what the output projection reads; a tied projection needs the embedding's width.</summary>
    public int OutputSize => TieOutput ? EmbeddingSize : StateSize;
}
