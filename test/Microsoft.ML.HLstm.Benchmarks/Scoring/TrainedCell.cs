using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A cell of a trained model.</summary>
/// <param name="Name">Its model's file and its place there.</param>
/// <param name="Weights">As they were trained, units without connections taken away.</param>
internal sealed record TrainedCell(string Name, CellWeights Weights)
{
    /// <summary>The last decoder cell and the first encoder cell of a model zip.</summary>
    public static IReadOnlyList<TrainedCell> Of(string path)
    {
        TranslationWeights weights = ModelZip.Load(path).Model.Weights;
        string name = Path.GetFileNameWithoutExtension(path);
        return [new($"{name} decoder", weights.Decoder[^1]), new($"{name} encoder", weights.EncoderForward[0])];
    }
}
