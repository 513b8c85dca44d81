using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>The managed scorer gives what the TorchSharp network gives.</summary>
[TestClass]
public class TranslationParityTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, false, true, true, true, 1, 1)]
    [DataRow(1, false, true, true, false, 2, 2)]
    [DataRow(1, true, false, true, true, 1, 2)]
    [DataRow(2, false, true, false, false, 2, 1)]
    public void Scorer_and_network_agree(int gateLayers, bool shared, bool bidirectional, bool inputFeeding, bool tie, int encoderLayers, int decoderLayers)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(17);
        var gates = new GateNetworkOptions(gateLayers, gateLayers == 0 ? 0 : 21, GateActivation.LeakyRelu, shared, 0.2);
        var shape = new TranslationShape(50, 60, 19, 23, encoderLayers, decoderLayers, bidirectional, inputFeeding, tie, gates);
        using var network = new TranslationNetwork(shape, 0.3, random);
        network.eval();
        SentencePair[] pairs =
        [
            new(0, [5, 9, 14, 33, 3], [7, 22, 41]),
            new(1, [8, 3], [12]),
            new(2, [49, 1, 4, 4, 4, 12, 3], [59, 1, 4, 30, 31]),
        ];
        var batch = new TranslationBatch(pairs);
        Tensor vectors = network.Run(batch.Source, batch.SourceMask, batch.Target);
        Tensor logProbabilities = nn.functional.log_softmax(network.Logits(vectors.view(-1, shape.AttentionSize)), 1).view(vectors.shape[0], 3, 60);

        var scorer = new TranslationScorer(TranslationExport.Weights(network));

        for (int row = 0; row < pairs.Length; row++)
        {
            float[] actual = scorer.LogProbabilities(pairs[row].Source.AsSpan(..^1), pairs[row].Target);
            int[] labels = [.. pairs[row].Target, SpecialTokens.End];
            for (int t = 0; t < labels.Length; t++)
            {
                float expected = logProbabilities[t, row, labels[t]].item<float>();
                Assert.AreEqual(expected, actual[t], 1e-4 * Math.Abs(expected), $"row {row}, step {t}");
            }
        }
    }
}
