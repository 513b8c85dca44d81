using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Networks;

[TestClass]
public class DropoutsTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Rows_are_left_out_as_a_whole_and_the_others_make_up_for_them()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        Tensor values = ones(100, 20, 3);

        float[] dropped = Dropouts.ApplyToRows(values, 0.2, training: true, random).data<float>().ToArray();

        float[][] rows = [.. dropped.Chunk(3)];
        Assert.IsTrue(rows.All(row => row.Distinct().Count() == 1 && row[0] is 0 or 1.25f));
        Assert.AreEqual(0.2, rows.Count(row => row[0] == 0) / 2000.0, 0.03);
        Assert.AreSame(values, Dropouts.ApplyToRows(values, 0.2, training: false, random));
        Assert.AreSame(values, Dropouts.ApplyToRows(values, 0, training: true, random));
    }

    [TestMethod]
    public void A_translation_network_reads_fewer_words_while_it_is_trained_and_all_when_it_is_not()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var shape = new TranslationShape(30, 30, 8, 8, 1, 1, true, true, true, new GateNetworkOptions(1, 8, GateActivation.LeakyRelu, false, 0));
        using var network = new TranslationNetwork(shape, 0, random) { WordDropout = 0.999999 };
        var one = new TranslationBatch([new SentencePair(0, [4, 5, 6, 3], [7, 8])]);
        var other = new TranslationBatch([new SentencePair(0, [9, 10, 11, 3], [12, 13])]);

        network.train();
        CollectionAssert.AreEqual(Vectors(one), Vectors(other), "Without words sentences of one length are the same.");
        network.eval();
        CollectionAssert.AreNotEqual(Vectors(one), Vectors(other));

        float[] Vectors(TranslationBatch batch) => network.Predict(batch).data<float>().ToArray();
    }
}
