using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public class SpeechExportTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, true, true)]
    [DataRow(1, true, false)]
    [DataRow(2, false, true)]
    public void A_network_with_exported_weights_gives_the_same(int gateLayers, bool bidirectional, bool sum)
    {
        using var scope = NewDisposeScope();
        using Generator random = new(5), other = new(6);
        SpeechShape shape = SmallSpeech.Shape(2, bidirectional, sum, gateLayers);
        using var network = new SpeechNetwork(shape, 0.1, random);
        using var copy = new SpeechNetwork(shape, 0.1, other);
        var batch = new SpeechBatch(SmallSpeech.Utterances(shape, new Random(3), 12, 20), shape);
        // Statistics that are not those of a new network.
        network.LogProbabilities(batch);
        network.eval();
        copy.eval();

        SpeechWeights weights = SpeechExport.Weights(network);
        SpeechImport.Load(copy, weights);

        TensorAssert.Close(network.LogProbabilities(batch), copy.LogProbabilities(batch), 0);
        string[] names = [.. weights.Cells.SelectMany(cell => cell.Matrices).Select(matrix => matrix.Name),
            .. weights.Convolutions.Select(layer => layer.Kernel.Name), .. weights.Normalizations.Select(normalization => normalization.Name), weights.Output.Weight.Name];
        CollectionAssert.AllItemsAreUnique(names);
    }

    [TestMethod]
    public void A_network_of_another_shape_is_refused()
    {
        using var random = new Generator(5);
        SpeechShape shape = SmallSpeech.Shape();
        using var network = new SpeechNetwork(shape, 0, random);
        SpeechWeights weights = SpeechExport.Weights(network);
        void Refused(string named, SpeechShape other)
        {
            using var to = new SpeechNetwork(other, 0, random);
            StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => SpeechImport.Load(to, weights)).Message, named);
        }

        Refused("recurrent layers", shape with { Layers = 1 });
        Refused("read both ways", shape with { Bidirectional = false });
        Refused("summed", shape with { SumDirections = false });
        Refused("frames of width", shape with { FrameWidth = 9 });
        Refused("convolution.1.kernel", shape with { Convolutions = [shape.Convolutions[0], new(2, 3, 3, 1, 2)] });
        Refused("output", shape with { Labels = 9 });
    }
}
