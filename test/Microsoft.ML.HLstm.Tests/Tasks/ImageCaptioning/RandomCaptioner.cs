using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>Small random captioning networks.</summary>
internal static class RandomCaptioner
{
    public static CaptionWeights Make(
        int seed, bool attention = false, bool tied = false, int layers = 2, int features = 7, int vocabulary = 11, int embedding = 5, int state = 4, double density = 0.7)
    {
        var random = new RandomWeights(seed);
        int output = tied ? embedding : attention ? 6 : state;
        state = tied && !attention ? embedding : state;
        WeightMatrix words = random.Matrix("embedding", vocabulary, embedding);
        return new CaptionWeights
        {
            FeatureProjection = random.Layer("features", embedding, features),
            Embedding = words,
            Decoder = [.. Enumerable.Range(0, layers).Select(layer => random.Cell(
                $"decoder.{layer}", layer > 0 ? state : embedding + (attention ? output : 0), state, [[3], [4], [2], [5]], density))],
            AttentionScore = attention ? random.Matrix("score", state, embedding) : null,
            AttentionCombine = attention ? random.Layer("combine", output, embedding + state) : null,
            OutputProjection = new DenseLayer(tied ? words : random.Matrix("projection", vocabulary, output, scale: 2), random.Vector(vocabulary)),
        };
    }

    /// <summary>Features of a picture.</summary>
    public static float[] Picture(int seed, int count = 7)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)];
    }
}
