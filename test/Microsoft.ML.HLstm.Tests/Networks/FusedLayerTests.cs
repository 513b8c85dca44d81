using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
[DoNotParallelize]
public class FusedLayerTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, 32, 0, false, GateActivation.LeakyRelu, 0.0, false)]
    [DataRow(0, 19, 0, false, GateActivation.LeakyRelu, 0.0, true)]
    [DataRow(1, 32, 48, false, GateActivation.LeakyRelu, 0.0, false)]
    [DataRow(1, 19, 13, false, GateActivation.LeakyRelu, 0.3, true)]
    [DataRow(1, 21, 37, true, GateActivation.Relu, 0.3, true)]
    [DataRow(2, 33, 17, false, GateActivation.Tanh, 0.3, true)]
    [DataRow(2, 16, 40, true, GateActivation.Tanh, 0.0, false)]
    [DataRow(3, 9, 5, false, GateActivation.Relu, 0.2, true)]
    [DataRow(0, 256, 0, false, GateActivation.LeakyRelu, 0.0, true)]
    [DataRow(1, 256, 256, false, GateActivation.LeakyRelu, 0.3, false)]
    [DataRow(2, 20, 256, false, GateActivation.Relu, 0.3, true)]
    public void AgreesWithComposed(int layers, int size, int width, bool shared, GateActivation activation, double dropout, bool bidirectional)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        const int Input = 11;
        int[] lengths = [7, 3, 7, 1, 5];
        using var layer = new HLstmLayer("layer", Input, size, new GateNetworkOptions(layers, width, activation, shared, dropout), bidirectional, new Initializer(random));
        layer.train();
        Tensor input = randn([7, 5, Input], generator: random).requires_grad_(true);
        FusedTraining.AssertAgree(layer, [input], () =>
        {
            using var masks = new Generator(5);
            (Tensor outputs, Tensor state, Tensor cell) = layer.Run(input, new SequenceMask(lengths), masks);
            return [outputs, state, cell];
        });
    }

    [TestMethod]
    public void RunsWithoutGradients()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        using var layer = new HLstmLayer("layer", 8, 12, new GateNetworkOptions(1, 12, GateActivation.Relu, false, 0.2), true, new Initializer(random));
        layer.eval();
        using IDisposable none = no_grad();
        Tensor input = randn([4, 2, 8], generator: random);
        (Tensor outputs, _, _) = layer.Run(input, new SequenceMask([4, 2]), null);
        Assert.IsFalse(outputs.requires_grad);
        CollectionAssert.AreEqual(new long[] { 4, 2, 24 }, outputs.shape);
    }
}
