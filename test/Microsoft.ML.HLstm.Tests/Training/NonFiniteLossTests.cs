using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class NonFiniteLossTests
{
    [TestMethod]
    public void In_the_first_epoch_it_ends_the_run_and_names_epoch_batch_and_rows()
    {
        using var tiny = new TinyTraining(TinyCorpus.Options(3));

        string message = Assert.Throws<InvalidOperationException>(() => tiny.Run(WatchedNetwork.Poisoned(tiny.Training, 2)).Train()).Message;

        Assert.Contains("loss is NaN in epoch 1, batch 2, with rows", message);
    }

    [TestMethod]
    public void Later_the_best_model_survives()
    {
        using var tiny = new TinyTraining(TinyCorpus.Options(5));
        float[]? best = null;
        var poisoned = WatchedNetwork.Poisoned(tiny.Training, 25);
        TrainingRun run = tiny.Run(poisoned);

        run.Train();

        Assert.HasCount(2, run.History.Epochs);
        best = [.. tiny.Training.Parameters.SelectMany(parameter => parameter.Values.ToArray())];
        Assert.IsTrue(best.All(float.IsFinite));
        Assert.AreEqual(run.History.Epochs.Max(epoch => epoch.Metric), tiny.Training.Validate(default).Metric, 1e-9);
    }
}
