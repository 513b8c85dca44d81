using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>The formulas of the network as they stand in its documentation, in double precision.</summary>
internal static class NaiveTranslation
{
    /// <summary>Distributions after each of begin, target[0], target[1], ... and the attention they were made with.</summary>
    public static (double[][] LogProbabilities, double[][] Attention) Run(TranslationWeights w, int[] source, int[] target)
    {
        List<(double[] H, double[] C)> finals = [];
        double[][] memory = [.. source.Append(3).Select(token => NaiveCell.Double(w.SourceEmbedding.Row(token)))];
        for (int layer = 0; layer < w.EncoderForward.Length; layer++)
        {
            (double[][] outputs, double[] h, double[] c) = Run(w.EncoderForward[layer], memory);
            if (w.EncoderBackward.Length > 0)
            {
                (double[][] reversed, double[] backH, double[] backC) = Run(w.EncoderBackward[layer], [.. memory.Reverse()]);
                outputs = [.. outputs.Zip(reversed.Reverse(), (forward, backward) => (double[])[.. forward, .. backward])];
                (h, c) = ([.. h, .. backH], [.. c, .. backC]);
            }

            memory = outputs;
            finals.Add((h, c));
        }

        (double[] H, double[] C)[] states = [.. Enumerable.Range(0, w.Decoder.Length).Select(layer =>
        {
            (double[] h, double[] c) = finals[Math.Min(layer, finals.Count - 1)];
            return (Tanh(NaiveCell.Apply(w.BridgeHidden[layer], h)), NaiveCell.Apply(w.BridgeCell[layer], c));
        })];
        double[] v = new double[w.AttentionCombine.Bias.Length];
        List<double[]> all = [];
        List<double[]> attention = [];
        foreach (int token in target.Prepend(2))
        {
            double[] x = NaiveCell.Double(w.TargetEmbedding.Row(token));
            x = w.InputFeeding ? [.. x, .. v] : x;
            for (int layer = 0; layer < states.Length; layer++)
            {
                states[layer] = NaiveCell.Step(w.Decoder[layer], x, states[layer].H, states[layer].C);
                x = states[layer].H;
            }

            double[] weights = Softmax([.. memory.Select(m => Dot(x, NaiveCell.Multiply(w.AttentionScore, m)))]);
            var context = new double[memory[0].Length];
            for (int position = 0; position < memory.Length; position++)
            {
                for (int unit = 0; unit < context.Length; unit++)
                    context[unit] += weights[position] * memory[position][unit];
            }

            v = Tanh(NaiveCell.Apply(w.AttentionCombine, [.. context, .. x]));
            all.Add([.. Softmax(NaiveCell.Apply(w.OutputProjection, v)).Select(p => Math.Log(p))]);
            attention.Add(weights);
        }

        return ([.. all], [.. attention]);
    }

    private static (double[][] Outputs, double[] H, double[] C) Run(CellWeights cell, double[][] inputs)
    {
        double[] h = new double[cell.StateSize];
        double[] c = new double[cell.StateSize];
        var outputs = new double[inputs.Length][];
        for (int step = 0; step < inputs.Length; step++)
        {
            (h, c) = NaiveCell.Step(cell, inputs[step], h, c);
            outputs[step] = h;
        }

        return (outputs, h, c);
    }

    private static double[] Tanh(double[] values) => [.. values.Select(Math.Tanh)];

    private static double Dot(double[] a, double[] b) => a.Zip(b, (left, right) => left * right).Sum();

    private static double[] Softmax(double[] scores)
    {
        double sum = scores.Sum(score => Math.Exp(score - scores.Max()));
        return [.. scores.Select(score => Math.Exp(score - scores.Max()) / sum)];
    }
}
