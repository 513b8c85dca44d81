using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>The number of threads changes no bit of outputs and gradients. All but the smallest are large enough to be split.</summary>
[TestClass]
[DoNotParallelize]
public class ThreadCountTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, 160, 0, false, 0.0, false, 37, 1.0)]
    [DataRow(1, 160, 75, false, 0.3, true, 21, 1.0)]
    [DataRow(2, 128, 128, true, 0.3, true, 64, 1.0)]
    [DataRow(1, 320, 320, false, 0.0, false, 1, 1.0)]
    [DataRow(1, 9, 5, false, 0.2, true, 2, 1.0)]
    [DataRow(0, 250, 0, false, 0.0, true, 37, 0.2)]
    [DataRow(1, 250, 250, false, 0.3, false, 64, 0.1)]
    [DataRow(2, 160, 190, false, 0.3, true, 41, 0.2)]
    [DataRow(1, 320, 320, false, 0.0, false, 3, 0.2)]
    public void LayerIsTheSame(int layers, int size, int width, bool shared, double dropout, bool bidirectional, int batch, double density)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(3);
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => row == 0 ? 7 : 1 + row * 5 % 7)];
        using var layer = new HLstmLayer("layer", 35, size, new GateNetworkOptions(layers, width, GateActivation.LeakyRelu, shared, dropout), bidirectional, new Initializer(random));
        layer.train();
        Tensor input = randn([7, batch, 35], generator: random).requires_grad_(true);
        AssertSame(layer, [input], density, () =>
        {
            using var masks = new Generator(5);
            (Tensor outputs, Tensor state, Tensor cell) = layer.Run(input, new SequenceMask(lengths), masks);
            return [outputs, state, cell];
        });
    }

    [TestMethod]
    [DataRow(0, 1, 1, true, true, 0.0, 21, 1.0)]
    [DataRow(1, 1, 2, true, true, 0.3, 37, 1.0)]
    [DataRow(2, 2, 1, false, false, 0.3, 64, 1.0)]
    [DataRow(1, 1, 1, true, true, 0.0, 1, 1.0)]
    [DataRow(0, 1, 2, true, true, 0.3, 37, 0.2)]
    [DataRow(1, 2, 2, false, true, 0.3, 41, 0.2)]
    [DataRow(1, 1, 1, true, false, 0.0, 64, 0.1)]
    public void TranslationIsTheSame(int layers, int encoderLayers, int decoderLayers, bool bidirectional, bool feeding, double dropout, int batch, double density)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [.. Enumerable.Range(0, batch).Select(row => row == 0 ? 6 : 1 + row * 5 % 6)];
        var gates = new GateNetworkOptions(layers, 131, GateActivation.LeakyRelu, false, dropout);
        var shape = new TranslationShape(31, 37, 18, 158, encoderLayers, decoderLayers, bidirectional, feeding, true, gates);
        using var random = new Generator(11);
        using var network = new TranslationNetwork(shape, dropout, random);
        network.train();
        Tensor source = randint(0, 31, [6, batch], generator: random), target = randint(0, 37, [5, batch], generator: random);
        Tensor labels = randint(0, 37, [5 * batch], generator: random);
        AssertSame(network, [], density, () =>
        {
            random.manual_seed(13);
            Tensor vectors = network.Run(source, new SequenceMask(lengths), target);
            return [vectors, network.Loss(vectors.view(-1, vectors.shape[2]), labels, 5, 0.1)];
        });
    }

    private static void AssertSame(nn.Module module, Tensor[] inputs, double density, Func<Tensor[]> run)
    {
        if (density < 1)
            SparseTraining.Prune(module, density);
        int before = get_num_threads();
        try
        {
            set_num_threads(1);
            var (outputs, leaves) = GradientRun.Of(module, inputs, run);
            foreach (int threads in (int[])[2, 3])
            {
                set_num_threads(threads);
                var (splitOutputs, splitLeaves) = GradientRun.Of(module, inputs, run);
                for (int i = 0; i < outputs.Length; i++)
                    CollectionAssert.AreEqual(outputs[i], splitOutputs[i], $"output {i}, {threads} threads");
                for (int i = 0; i < leaves.Length; i++)
                    CollectionAssert.AreEqual(leaves[i].Gradient, splitLeaves[i].Gradient, $"gradient of {leaves[i].Name}, {threads} threads");
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }
}
