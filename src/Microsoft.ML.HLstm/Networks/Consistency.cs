using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// How far apart two views of the same rows are. Each view is drawn towards what the other predicts, which counts as given (L. Wu et al., arXiv
/// 2106.14448, two draws of dropout; Z. Yao et al., arXiv 2410.05101, two draws of masks and dropout under connectionist temporal classification).
/// </summary>
internal static class Consistency
{
    /// <summary>
    /// The Kullback-Leibler divergences of all predictions of one view from those of the other, both ways, summed up.
    /// </summary>
    /// <param name="logProbabilities">Log-probabilities (.., classes).</param>
    /// <param name="dimension">The dimension whose first half is one view and whose second half is the other.</param>
    public static Tensor Divergence(Tensor logProbabilities, int dimension)
    {
        Tensor other = logProbabilities.detach().roll(logProbabilities.shape[dimension] / 2, dimension);
        return (other.exp() * (other - logProbabilities)).sum();
    }
}
