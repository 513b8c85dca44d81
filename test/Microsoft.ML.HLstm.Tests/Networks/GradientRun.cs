using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>One computation with the gradients of all parameters and inputs, for comparing two ways of doing it.</summary>
internal static class GradientRun
{
    /// <summary>The outputs, and for each parameter and input its gradient; null where there is none.</summary>
    public static (float[][] Outputs, (string Name, float[]? Gradient)[] Leaves) Of(nn.Module module, Tensor[] inputs, Func<Tensor[]> run)
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
        outputs.Select(output => (output * rand(output.shape, generator: random)).sum()).Aggregate((a, b) => a.Plus(b)).backward();
        return ([.. outputs.Select(Values)], [.. leaves.Select(leaf => (leaf.Name, leaf.Tensor.grad is { } grad ? Values(grad) : null))]);
    }

    private static float[] Values(Tensor tensor) => tensor.detach().contiguous().data<float>().ToArray();
}
