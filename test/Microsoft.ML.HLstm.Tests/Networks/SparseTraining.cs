using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>Runs the same computation with all connections and with the active ones only.</summary>
internal static class SparseTraining
{
    /// <summary>
    /// Makes a share <paramref name="density"/> of all matrices active, some of them with weight zero as after growth, and
    /// leaves the first unit's row and the last unit's column without any. Then asserts equal outputs and gradients, and no
    /// gradient where nothing is active.
    /// </summary>
    public static void AssertAgree(nn.Module module, Tensor[] inputs, double density, Func<Tensor[]> run)
    {
        Dictionary<string, float[]> masks = Masks(module, density);
        foreach ((string name, Weight weight) in Weights(module))
            weight.Connections = null;
        (float[][] outputs, Dictionary<string, float[]> gradients) = Results(module, inputs, run);
        foreach ((string name, Weight weight) in Weights(module))
            weight.Connections = Connections(weight, masks[name]);
        (float[][] sparseOutputs, Dictionary<string, float[]> sparseGradients) = Results(module, inputs, run);
        for (int i = 0; i < outputs.Length; i++)
            AssertClose(outputs[i], sparseOutputs[i], 1e-5, $"output {i}");
        foreach ((string name, float[] expected) in gradients)
        {
            float[] actual = sparseGradients[name];
            for (int i = 0; masks.TryGetValue(name, out float[]? mask) && i < mask.Length; i++)
            {
                if (mask[i] != 0)
                    continue;
                expected[i] = 0;
                // What is read row by row keeps dense gradients for the optimizer to mask.
                actual[i] = name.Contains("embedding", StringComparison.Ordinal) ? 0 : actual[i];
                Assert.AreEqual(0f, actual[i], $"dormant gradient of {name}");
            }

            AssertClose(expected, actual, 1e-4, $"gradient of {name}");
        }
    }

    /// <summary>Leaves a share <paramref name="density"/> of all matrices, of which the kernels then compute nothing else.</summary>
    public static void Prune(nn.Module module, double density)
    {
        Dictionary<string, float[]> masks = Masks(module, density);
        foreach ((string name, Weight weight) in Weights(module))
            weight.Connections = Connections(weight, masks[name]);
    }

    /// <summary>The connections of a weight's mask.</summary>
    public static MatrixConnections Connections(Weight weight, float[] mask) =>
        new(mask, weight.dim() == 3 ? (int)weight.shape[0] : 1, (int)weight.shape[^2], (int)weight.shape[^1]);

    private static IEnumerable<(string Name, Weight Weight)> Weights(nn.Module module) =>
        module.named_parameters().Where(entry => entry.parameter is Weight && entry.parameter.dim() > 1 && !entry.name.Contains("bias", StringComparison.Ordinal))
            .Select(entry => (entry.name, (Weight)entry.parameter));

    private static Dictionary<string, float[]> Masks(nn.Module module, double density)
    {
        using IDisposable none = no_grad();
        var random = new Random(17);
        var masks = new Dictionary<string, float[]>();
        foreach ((string name, Weight weight) in Weights(module))
        {
            int rows = (int)weight.shape[^2], columns = (int)weight.shape[^1];
            float[] mask = [.. Enumerable.Range(0, (int)weight.numel()).Select(i => random.NextDouble() < density && i / columns % rows != 0 && i % columns != columns - 1 ? 1f : 0f)];
            masks[name] = mask;
            weight.mul_(tensor([.. mask.Select(active => random.NextDouble() < 0.1 ? 0f : active)]).view(weight.shape));
        }

        return masks;
    }

    private static (float[][] Outputs, Dictionary<string, float[]> Gradients) Results(nn.Module module, Tensor[] inputs, Func<Tensor[]> run)
    {
        var (outputs, leaves) = GradientRun.Of(module, inputs, run);
        return (outputs, leaves.Where(leaf => leaf.Gradient is not null).ToDictionary(leaf => leaf.Name, leaf => leaf.Gradient!));
    }

    private static void AssertClose(float[] expected, float[] actual, double tolerance, string what)
    {
        Assert.HasCount(expected.Length, actual, what);
        double scale = Math.Max(1e-6, expected.Max(MathF.Abs));
        for (int i = 0; i < expected.Length; i++)
            Assert.IsLessThan(tolerance, Math.Abs(expected[i] - actual[i]) / scale, $"{what} at {i}");
    }
}
