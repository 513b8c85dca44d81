using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
[DoNotParallelize]
public class SparseLayerTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, 32, 0, false, GateActivation.LeakyRelu, 0.0, false, 5, 0.1)]
    [DataRow(0, 19, 0, false, GateActivation.LeakyRelu, 0.0, true, 16, 0.3)]
    [DataRow(1, 32, 48, false, GateActivation.LeakyRelu, 0.0, false, 64, 0.05)]
    [DataRow(1, 19, 13, false, GateActivation.LeakyRelu, 0.3, true, 23, 0.2)]
    [DataRow(1, 21, 37, true, GateActivation.Relu, 0.3, true, 67, 0.02)]
    [DataRow(2, 33, 17, false, GateActivation.Tanh, 0.3, true, 41, 0.4)]
    [DataRow(2, 16, 40, true, GateActivation.Tanh, 0.0, false, 130, 0.1)]
    [DataRow(3, 9, 5, false, GateActivation.Relu, 0.2, true, 1, 1.0)]
    public void AgreesWithDense(int layers, int size, int width, bool shared, GateActivation activation, double dropout, bool bidirectional, int batch, double density)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        const int Input = 35;
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => row == 0 ? 7 : 1 + row * 5 % 7)];
        using var layer = new HLstmLayer("layer", Input, size, new GateNetworkOptions(layers, width, activation, shared, dropout), bidirectional, new Initializer(random));
        layer.train();
        Tensor input = randn([7, batch, Input], generator: random).requires_grad_(true);
        SparseTraining.AssertAgree(layer, [input], density, () =>
        {
            using var masks = new Generator(5);
            (Tensor outputs, Tensor state, Tensor cell) = layer.Run(input, new SequenceMask(lengths), masks);
            return [outputs, state, cell];
        });
    }

    [TestMethod]
    [DataRow(0, 1, 1, true, true, 0.0, true, 0.1)]
    [DataRow(1, 1, 1, true, true, 0.3, true, 0.1)]
    [DataRow(1, 2, 2, false, true, 0.3, false, 0.3)]
    [DataRow(2, 1, 3, true, false, 0.0, true, 0.05)]
    public void TranslationAgreesWithDense(int layers, int encoderLayers, int decoderLayers, bool bidirectional, bool feeding, double dropout, bool tied, double density)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [6, 2, 4];
        var gates = new GateNetworkOptions(layers, 21, GateActivation.LeakyRelu, false, dropout);
        var shape = new TranslationShape(31, 37, 18, 19, encoderLayers, decoderLayers, bidirectional, feeding, tied, gates);
        using var random = new Generator(11);
        using var network = new TranslationNetwork(shape, dropout, random);
        network.train();
        Tensor source = randint(0, 31, [6, 3], generator: random), target = randint(0, 37, [5, 3], generator: random);
        Tensor labels = randint(0, 37, [15], generator: random);
        SparseTraining.AssertAgree(network, [], density, () =>
        {
            random.manual_seed(13);
            Tensor vectors = network.Run(source, new SequenceMask(lengths), target);
            Tensor flat = vectors.view(-1, vectors.shape[2]);
            return [vectors, network.Logits(flat), network.Loss(flat, labels, 5, 0.1), network.Loss(flat, labels, -1, 0)];
        });
    }

    [TestMethod]
    public void ThreadsDoNotChangeTheResult()
    {
        int before = get_num_threads();
        try
        {
            CollectionAssert.AreEqual(InputGradient(1), InputGradient(2));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static float[] InputGradient(int threads)
    {
        set_num_threads(threads);
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        using var layer = new HLstmLayer("layer", 256, 256, new GateNetworkOptions(1, 256, GateActivation.LeakyRelu, false, 0), false, new Initializer(random));
        var masks = new Random(1);
        foreach (Weight weight in layer.Forward.Matrices().Cast<Weight>())
            weight.Connections = SparseTraining.Connections(weight, [.. Enumerable.Range(0, (int)weight.numel()).Select(_ => masks.NextDouble() < 0.2 ? 1f : 0f)]);
        Tensor input = randn([3, 64, 256], generator: random).requires_grad_(true);
        layer.Run(input, new SequenceMask([.. Enumerable.Repeat(3, 64)]), null).Outputs.sum().backward();
        return [.. input.grad!.data<float>().ToArray(), .. layer.Forward.WeightRecurrent.grad!.data<float>().ToArray()];
    }
}
