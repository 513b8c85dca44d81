using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>Runs the same computation composed of libtorch's operations and in the managed kernels.</summary>
internal static class FusedTraining
{
    /// <summary>Asserts equal outputs and equal gradients of all parameters and of the inputs.</summary>
    public static void AssertAgree(nn.Module module, Tensor[] inputs, Func<Tensor[]> run)
    {
        (float[][] outputs, float[][] gradients, string[] names) = Results(module, inputs, run, fused: false);
        (float[][] fusedOutputs, float[][] fusedGradients, _) = Results(module, inputs, run, fused: true);
        for (int i = 0; i < outputs.Length; i++)
            Assert.IsLessThan(1e-5, Difference(outputs[i], fusedOutputs[i]), $"output {i}");
        for (int i = 0; i < gradients.Length; i++)
            Assert.IsLessThan(1e-4, Difference(gradients[i], fusedGradients[i]) / Math.Max(1e-6f, gradients[i].Max(MathF.Abs)), $"gradient of {names[i]}");
    }

    private static (float[][] Outputs, float[][] Gradients, string[] Names) Results(nn.Module module, Tensor[] inputs, Func<Tensor[]> run, bool fused)
    {
        bool before = HLstmCell.UseFused;
        HLstmCell.UseFused = fused;
        try
        {
            var (outputs, leaves) = GradientRun.Of(module, inputs, run);
            return (outputs, [.. leaves.Select(leaf => leaf.Gradient ?? [0f])], [.. leaves.Select(leaf => leaf.Name)]);
        }
        finally
        {
            HLstmCell.UseFused = before;
        }
    }

    private static float Difference(float[] a, float[] b)
    {
        Assert.HasCount(a.Length, b);
        return a.Zip(b).Max(pair => float.IsNaN(pair.First - pair.Second) ? float.PositiveInfinity : MathF.Abs(pair.First - pair.Second));
    }
}
