using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Training on two views of each row (<see cref="SequenceTrainerOptions.ConsistencyWeight"/>).</summary>
[TestClass]
public class TwoViewsTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void The_loss_grows_with_the_weight_of_what_sets_the_views_apart(string task)
    {
        double one = TaskLoss.Of(task, 1, 0.5f).Loss, two = TaskLoss.Of(task, 2, 0.5f).Loss, three = TaskLoss.Of(task, 3, 0.5f).Loss;

        Assert.IsGreaterThan(1e-3, two - one);
        Assert.AreEqual(two - one, three - two, 1e-3 * (two - one) + 1e-5);
    }

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void Views_that_nothing_sets_apart_have_the_loss_of_one(string task)
    {
        (double one, int predictions) = TaskLoss.Of(task, 0, 0);
        (double two, int twice) = TaskLoss.Of(task, 10, 0);

        Assert.AreEqual(one, two, 1e-5);
        Assert.AreEqual(2 * predictions, twice);
    }

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void Only_training_takes_two_views(string task) =>
        Assert.AreEqual(TaskLoss.Of(task, 0, 0.5f, training: false), TaskLoss.Of(task, 10, 0.5f, training: false));

    [TestMethod]
    public void Views_of_an_utterance_are_equally_fast_and_noisy_and_masked_apart()
    {
        double Masked(double weight, int masks) => TaskLoss.Speech(new SpeechRecognitionOptions { Noise = 0.5, SpeedChange = 0.3, TimeMasks = masks, FrequencyMasks = masks, Dropout = 0, ConsistencyWeight = weight }).Loss;

        Assert.AreEqual(Masked(1, 0), Masked(10, 0), 1e-5);
        Assert.IsGreaterThan(Masked(1, 2) + 1e-3, Masked(10, 2));
    }
}
