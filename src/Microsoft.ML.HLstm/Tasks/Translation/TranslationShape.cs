using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>The sizes that decide a translation network's matrices.</summary>
internal sealed record TranslationShape(
    int SourceVocabulary, int TargetVocabulary, int EmbeddingSize, int StateSize, int EncoderLayers, int DecoderLayers,
    bool Bidirectional, bool InputFeeding, bool TieOutput, GateNetworkOptions Gates)
{
    /// <summary>The smallest shape that has room for trained weights: compaction leaves the gates of cells different widths.</summary>
    public static TranslationShape Of(TranslationWeights weights)
    {
        CellWeights cell = weights.EncoderForward[0];
        return new TranslationShape(weights.SourceEmbedding.Rows, weights.TargetEmbedding.Rows, weights.TargetEmbedding.Columns, cell.StateSize,
            weights.EncoderForward.Length, weights.Decoder.Length, weights.Bidirectional, weights.InputFeeding, weights.TiedOutput, GateNetworkOptions.Of([.. weights.Cells]));
    }

    /// <summary>Width C of the encoder's outputs.</summary>
    public int MemorySize => Bidirectional ? 2 * StateSize : StateSize;

    /// <summary>Width A of the attentional vector; a tied projection needs the embeddings' width.</summary>
    public int AttentionSize => TieOutput ? EmbeddingSize : StateSize;
}
