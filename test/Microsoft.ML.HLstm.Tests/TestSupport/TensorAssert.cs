using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests;

/// <summary>Comparisons of tensors.</summary>
internal static class TensorAssert
{
    /// <summary>Same shape, and equal within a tolerance relative to the largest expected magnitude.</summary>
    public static void Close(Tensor expected, Tensor actual, double tolerance)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape);
        double scale = Math.Max(1e-12, expected.abs().max().to(ScalarType.Float64).item<double>());
        double error = (expected - actual).abs().max().to(ScalarType.Float64).item<double>() / scale;
        Assert.IsLessThanOrEqualTo(tolerance, error, $"relative error {error:G3}");
    }

    /// <summary>Central differences in float64 at every element, or at about <paramref name="most"/> of them.</summary>
    public static void GradientMatchesFiniteDifferences(string name, Parameter parameter, Func<Tensor> loss, int most = int.MaxValue)
    {
        const double step = 1e-5;
        double[] gradient = parameter.grad!.flatten().data<double>().ToArray();
        using var _ = no_grad();
        Tensor flat = parameter.detach().view(-1);
        for (int i = 0; i < gradient.Length; i += 1 + gradient.Length / most)
        {
            double value = flat[i].item<double>();
            flat[i] = tensor(value + step);
            double above = loss().item<double>();
            flat[i] = tensor(value - step);
            double below = loss().item<double>();
            flat[i] = tensor(value);
            double expected = (above - below) / (2 * step);
            Assert.AreEqual(expected, gradient[i], 1e-6 * Math.Max(1, Math.Abs(expected)), $"{name}[{i}]");
        }
    }
}
