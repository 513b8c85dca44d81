using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>The formulas of the network as they stand in its documentation, in double precision.</summary>
internal static class NaiveCaptioner
{
    /// <summary>The log-probability of each token of a caption and of its end.</summary>
    public static double[] LogProbabilities(CaptionWeights w, float[] picture, int[] caption)
    {
        double[][] regions = [.. picture.Chunk(w.FeatureProjection.Weight.Columns).Select(region => NaiveCell.Apply(w.FeatureProjection, NaiveCell.Double(region)))];
        double[] mean = [.. Enumerable.Range(0, regions[0].Length).Select(i => regions.Average(region => region[i]))];
        (double[] H, double[] C)[] states = [.. w.Decoder.Select(cell => (new double[cell.StateSize], new double[cell.StateSize]))];
        double[] v = new double[w.AttentionCombine?.Bias.Length ?? 0];
        List<double> result = [];
        int[] labels = [.. caption, 3];
        double[][] inputs = [mean, .. caption.Prepend(2).Select(token => NaiveCell.Double(w.Embedding.Row(token)))];
        for (int step = 0; step < inputs.Length; step++)
        {
            double[] x = [.. inputs[step], .. v];
            for (int layer = 0; layer < states.Length; layer++)
            {
                states[layer] = NaiveCell.Step(w.Decoder[layer], x, states[layer].H, states[layer].C);
                x = states[layer].H;
            }

            if (w.AttentionScore is { } score)
            {
                double[] weights = Softmax([.. regions.Select(region => x.Zip(NaiveCell.Multiply(score, region), (a, b) => a * b).Sum())]);
                double[] context = [.. Enumerable.Range(0, mean.Length).Select(i => regions.Zip(weights, (region, weight) => region[i] * weight).Sum())];
                x = v = [.. NaiveCell.Apply(w.AttentionCombine!, [.. context, .. x]).Select(Math.Tanh)];
            }

            if (step > 0)
                result.Add(Math.Log(Softmax(NaiveCell.Apply(w.OutputProjection, x))[labels[step - 1]]));
        }

        return [.. result];
    }

    private static double[] Softmax(double[] scores)
    {
        double sum = scores.Sum(score => Math.Exp(score - scores.Max()));
        return [.. scores.Select(score => Math.Exp(score - scores.Max()) / sum)];
    }
}
