using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
[DoNotParallelize]
public class FusedTranslationTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, 1, 1, true, true, 0.0, 19, 21)]
    [DataRow(1, 1, 1, true, true, 0.3, 19, 21)]
    [DataRow(1, 2, 2, false, true, 0.3, 19, 21)]
    [DataRow(2, 1, 3, true, false, 0.0, 19, 21)]
    [DataRow(1, 1, 2, true, true, 0.3, 256, 256)]
    public void LossAndGradientsAgreeWithComposed(int layers, int encoderLayers, int decoderLayers, bool bidirectional, bool feeding, double dropout, int size, int width)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [6, 2, 4];
        var gates = new GateNetworkOptions(layers, width, GateActivation.LeakyRelu, false, dropout);
        var shape = new TranslationShape(31, 37, 18, size, encoderLayers, decoderLayers, bidirectional, feeding, true, gates);
        using var random = new Generator(11);
        using var network = new TranslationNetwork(shape, dropout, random);
        network.train();
        Tensor source = randint(0, 31, [6, 3], generator: random), target = randint(0, 37, [5, 3], generator: random);
        Tensor labels = randint(0, 37, [15], generator: random);
        SoftTargets teacher = Teacher(15, 37);
        FusedTraining.AssertAgree(network, [], () =>
        {
            random.manual_seed(13);
            Tensor vectors = network.Run(source, new SequenceMask(lengths), target);
            Tensor flat = vectors.view(-1, vectors.shape[2]);
            return [vectors, network.Logits(flat), network.Loss(flat, labels, 5, 0.1), network.Loss(flat, labels, -1, 0), network.Loss(flat, labels, 5, 0.1, teacher)];
        });
    }

    [TestMethod]
    public void WithATeacherTheLossIsTheCrossEntropyAgainstTheMixedTargets()
    {
        using var scope = NewDisposeScope();
        SoftTargets teacher = Teacher(4, 6);
        double[,] targets = new double[4, 6];
        long[] labels = [5, 0, 1, 2];
        for (int row = 0; row < 4; row++)
        {
            for (int c = 0; c < 6; c++)
                targets[row, c] = 0.4 * ((c == labels[row] ? 0.9 : 0) + 0.1 / 6) + 0.6 * teacher.Rest(row) / 6;
            for (int i = 0; i < teacher.PerRow; i++)
                targets[row, teacher.Class(row, i)] += 0.6 * teacher.Probability(row, i);
        }

        using var random = new Generator(3);
        Tensor vectors = randn([4, 3], generator: random), bias = randn([6], generator: random);
        using var weight = new Weight(randn([6, 3], generator: random));
        Tensor logs = nn.functional.log_softmax(vectors.matmul(weight.t()).Plus(bias), 1);
        double expected = 0;
        for (int row = 0; row < 4; row++)
        {
            for (int c = 0; c < 6; c++)
                expected -= targets[row, c] * logs[row, c].item<float>() / 4;
        }

        Assert.AreEqual(expected, Products.CrossEntropy(vectors, weight, bias, tensor(labels), -100, 0.1, teacher).item<float>(), 1e-5);
    }

    /// <summary>Three classes of each row, with 0.5, 0.25 and 0.125 of the probability.</summary>
    private static SoftTargets Teacher(int rows, int classes)
    {
        int[] chosen = [.. Enumerable.Range(0, rows * 3).Select(i => (i / 3 + 2 * (i % 3)) % classes)];
        return new SoftTargets(3, chosen, [.. chosen.Select((_, i) => (Half)(0.5 / (1 << (i % 3))))], 0.6);
    }
}
