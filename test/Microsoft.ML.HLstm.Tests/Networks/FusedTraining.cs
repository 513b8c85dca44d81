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
            using var scope = NewDisposeScope();
            (string Name, Tensor Tensor)[] leaves =
            [
                .. module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter)),
                .. inputs.Select((input, i) => ($"input {i}", input)),
            ];
            foreach ((_, Tensor leaf) in leaves)
                leaf.grad = null;
            Tensor[] outputs = run();
            // Weights that differ from value to value, so that no gradient cancels.
            using var random = new Generator(7);
            Tensor loss = outputs.Select(output => (output * rand(output.shape, generator: random)).sum()).Aggregate((a, b) => a + b);
            loss.backward();
            return ([.. outputs.Select(Values)], [.. leaves.Select(leaf => leaf.Tensor.grad is { } grad ? Values(grad) : [0f])], [.. leaves.Select(leaf => leaf.Name)]);
        }
        finally
        {
            HLstmCell.UseFused = before;
        }
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();

    private static float Difference(float[] a, float[] b)
    {
        Assert.HasCount(a.Length, b);
        return a.Zip(b).Max(pair => float.IsNaN(pair.First - pair.Second) ? float.PositiveInfinity : MathF.Abs(pair.First - pair.Second));
    }
}
