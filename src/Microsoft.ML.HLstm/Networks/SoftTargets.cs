using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// What a teacher predicts, as targets beside the labels (G. Hinton, O. Vinyals, J. Dean, arXiv 1503.02531): for each row
/// its most probable classes. The rest of its probability is spread evenly over all classes.
/// </summary>
/// <param name="PerRow">Classes K that are kept of a row.</param>
/// <param name="Classes">(N, K): classes, each once in a row.</param>
/// <param name="Probabilities">(N, K): their probabilities.</param>
/// <param name="Share">The share of a target that the teacher decides; the label decides the rest.</param>
internal sealed record SoftTargets(int PerRow, int[] Classes, Half[] Probabilities, double Share)
{
    /// <summary>One of the classes of a row.</summary>
    public int Class(int row, int i) => Classes[row * PerRow + i];

    /// <summary>The probability of one of the classes of a row.</summary>
    public double Probability(int row, int i) => (double)Probabilities[row * PerRow + i];

    /// <summary>The probability of all other classes of a row together.</summary>
    public double Rest(int row)
    {
        double rest = 1;
        for (int i = 0; i < PerRow; i++)
            rest -= Probability(row, i);
        return Math.Max(0, rest);
    }

    /// <summary>The targets (N, V) that labels, smoothing and teacher make together, for composed operations.</summary>
    public Tensor Mix(Tensor labels, double smoothing, int classes, ScalarType type)
    {
        long rows = labels.shape[0];
        double[] even = [.. Enumerable.Range(0, (int)rows).Select(row => ((1 - Share) * smoothing + Share * Rest(row)) / classes)];
        Tensor targets = tensor(even).unsqueeze(1).repeat(1, classes);
        targets.scatter_add_(1, labels.unsqueeze(1), TensorNumbers.Filled([rows, 1], (1 - Share) * (1 - smoothing), ScalarType.Float64));
        Tensor probabilities = tensor(Array.ConvertAll(Probabilities, p => Share * (double)p)).view(rows, PerRow);
        return targets.scatter_add_(1, tensor(Array.ConvertAll(Classes, c => (long)c)).view(rows, PerRow), probabilities).to(type);
    }
}
