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
    [DataRow(0, 1, 1, true, true, 0.0)]
    [DataRow(1, 1, 1, true, true, 0.3)]
    [DataRow(1, 2, 2, false, true, 0.3)]
    [DataRow(2, 1, 3, true, false, 0.0)]
    public void LossAndGradientsAgreeWithComposed(int layers, int encoderLayers, int decoderLayers, bool bidirectional, bool feeding, double dropout)
    {
        using var scope = NewDisposeScope();
        int[] lengths = [6, 2, 4];
        var gates = new GateNetworkOptions(layers, 21, GateActivation.LeakyRelu, false, dropout);
        var shape = new TranslationShape(31, 37, 18, 19, encoderLayers, decoderLayers, bidirectional, feeding, true, gates);
        using var random = new Generator(11);
        using var network = new TranslationNetwork(shape, dropout, random);
        network.train();
        Tensor source = randint(0, 31, [6, 3], generator: random), target = randint(0, 37, [5, 3], generator: random);
        Tensor labels = randint(0, 37, [15], generator: random);
        FusedTraining.AssertAgree(network, [], () =>
        {
            random.manual_seed(13);
            Tensor vectors = network.Run(source, new SequenceMask(lengths), target);
            Tensor flat = vectors.view(-1, vectors.shape[2]);
            return [vectors, network.Logits(flat), network.Loss(flat, labels, 5, 0.1), network.Loss(flat, labels, -1, 0)];
        });
    }
}
