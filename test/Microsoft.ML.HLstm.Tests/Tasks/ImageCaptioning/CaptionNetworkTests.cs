using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tests.Networks;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

[TestClass]
[DoNotParallelize]
public class CaptionNetworkTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, false, false, false, 1)]
    [DataRow(1, false, false, true, 2)]
    [DataRow(2, true, true, false, 1)]
    [DataRow(1, false, true, true, 2)]
    public void Scorer_and_network_agree(int gateLayers, bool shared, bool attention, bool tie, int layers)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(17);
        using CaptionNetwork network = Network(random, gateLayers, shared, attention, tie, layers, dropout: 0.4);
        network.eval();
        CaptionExample[] examples = Examples(attention);
        var batch = new CaptionBatch(examples, 7);
        Tensor logProbabilities = nn.functional.log_softmax(network.Logits(network.Predict(batch)), 1);

        var scorer = new CaptionScorer(CaptionExport.Weights(network));

        int at = 0;
        foreach (CaptionExample example in examples)
        {
            foreach (float actual in scorer.LogProbabilities(example.Image, example.Caption))
            {
                float expected = logProbabilities[at, batch.Labels[at].item<long>()].item<float>();
                Assert.AreEqual(expected, actual, 1e-4 * Math.Abs(expected), $"prediction {at}");
                at++;
            }
        }

        Assert.AreEqual(batch.Predictions, at);
    }

    [TestMethod]
    [DataRow(0, false, true, 1)]
    [DataRow(1, false, false, 2)]
    [DataRow(1, true, false, 2)]
    [DataRow(2, true, true, 1)]
    public void Finite_differences_confirm_the_gradient_of_every_parameter(int gateLayers, bool attention, bool tie, int layers)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        var gates = new GateNetworkOptions(gateLayers, gateLayers == 0 ? 0 : 3, GateActivation.Tanh, false, 0);
        using var network = new CaptionNetwork(new CaptionShape(3, 6, 4, 4, layers, attention, tie, gates), 0, random, ScalarType.Float64);
        CaptionExample[] examples = [new(0, RandomCaptioner.Picture(1, attention ? 6 : 3), [4, 5, 4]), new(1, RandomCaptioner.Picture(2, attention ? 6 : 3), [5])];
        Tensor Loss()
        {
            var batch = new CaptionBatch(examples, 3);
            return network.Loss(network.Predict(batch), batch.Labels, CaptionBatch.Ignored, 0.1);
        }

        Loss().backward();

        foreach ((string name, Parameter parameter) in network.named_parameters())
            TensorAssert.GradientMatchesFiniteDifferences(name, parameter, Loss);
    }

    [TestMethod]
    [DataRow(0, false, 0.0)]
    [DataRow(1, false, 0.4)]
    [DataRow(1, true, 0.4)]
    public void The_managed_kernels_agree_with_composed_operations(int gateLayers, bool attention, double dropout)
    {
        using var random = new Generator(11);
        using CaptionNetwork network = Network(random, gateLayers, false, attention, false, 2, dropout);
        network.train();
        FusedTraining.AssertAgree(network, [], () =>
        {
            random.manual_seed(13);
            var batch = new CaptionBatch(Examples(attention), 7);
            Tensor vectors = network.Predict(batch);
            return [vectors, network.Loss(vectors, batch.Labels, CaptionBatch.Ignored, 0.1)];
        });
    }

    [TestMethod]
    public void Weights_go_to_scoring_and_back()
    {
        using var random = new Generator(3);
        using CaptionNetwork one = Network(random, 1, false, true, true, 2, 0), other = Network(random, 1, false, true, true, 2, 0), shallow = Network(random, 1, false, true, true, 1, 0);
        CaptionWeights weights = CaptionExport.Weights(one);

        CaptionImport.Load(other, weights);

        foreach ((WeightMatrix expected, WeightMatrix actual) in weights.Matrices.Zip(CaptionExport.Weights(other).Matrices))
            CollectionAssert.AreEqual(expected.Values, actual.Values, expected.Name);
        Assert.Contains("layers", Assert.Throws<ArgumentException>(() => CaptionImport.Load(shallow, weights)).Message);
    }

    private static CaptionNetwork Network(Generator random, int gateLayers, bool shared, bool attention, bool tie, int layers, double dropout)
    {
        var gates = new GateNetworkOptions(gateLayers, gateLayers == 0 ? 0 : 13, GateActivation.LeakyRelu, shared, dropout);
        return new CaptionNetwork(new CaptionShape(7, 30, 19, tie && !attention ? 19 : 17, layers, attention, tie, gates), dropout, random);
    }

    private static CaptionExample[] Examples(bool attention)
    {
        int features = attention ? 21 : 7;
        return
        [
            new(0, RandomCaptioner.Picture(1, features), [7, 22, 4]),
            new(1, RandomCaptioner.Picture(2, features), [12]),
            new(2, RandomCaptioner.Picture(3, features), [29, 1, 4, 20, 21, 21]),
        ];
    }
}
