using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
[DoNotParallelize]
public class FusedTrainingTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void TwoNetworksTrainAtOnce()
    {
        float[] alone = Train(1, 20);
        Task<float[]>[] together = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => Train(1, 20)))];
        Task.WaitAll(together);
        foreach (Task<float[]> task in together)
            CollectionAssert.AreEqual(alone, task.Result);
    }

    [TestMethod]
    public void MemoryDoesNotGrow()
    {
        Train(1, 300);
        long before = Environment.WorkingSet;
        Train(1, 1000);
        Assert.IsLessThan(64L << 20, Environment.WorkingSet - before);
    }

    /// <summary>The gradient of the input after some steps of descent.</summary>
    private static float[] Train(int seed, int steps)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator((ulong)seed);
        using var layer = new HLstmLayer("layer", 24, 40, new GateNetworkOptions(1, 40, GateActivation.LeakyRelu, false, 0.1), true, new Initializer(random));
        layer.train();
        Tensor input = randn([6, 16, 24], generator: random).requires_grad_(true);
        var mask = new SequenceMask([.. Enumerable.Repeat(6, 15), 2]);
        for (int step = 0; step < steps; step++)
        {
            using var inner = NewDisposeScope();
            (Tensor outputs, _, Tensor cell) = layer.Run(input, mask, random);
            (outputs * outputs).mean().Plus(cell.mean()).backward();
        }

        return input.grad!.data<float>().ToArray();
    }
}
