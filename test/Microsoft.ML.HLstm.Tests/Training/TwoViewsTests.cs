using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Training on two views of each row (<see cref="SequenceTrainerOptions.ConsistencyWeight"/>).</summary>
[TestClass]
public class TwoViewsTests
{
    private static readonly int[] _rows = [0, 1];

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void The_loss_grows_with_the_weight_of_what_sets_the_views_apart(string task)
    {
        double one = Loss(task, 1, 0.5f, training: true).Loss, two = Loss(task, 2, 0.5f, training: true).Loss, three = Loss(task, 3, 0.5f, training: true).Loss;

        Assert.IsGreaterThan(1e-3, two - one);
        Assert.AreEqual(two - one, three - two, 1e-3 * (two - one) + 1e-5);
    }

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void Views_that_nothing_sets_apart_have_the_loss_of_one(string task)
    {
        (double one, int predictions) = Loss(task, 0, 0, training: true);
        (double two, int twice) = Loss(task, 10, 0, training: true);

        Assert.AreEqual(one, two, 1e-5);
        Assert.AreEqual(2 * predictions, twice);
    }

    [TestMethod]
    [DataRow("translation")]
    [DataRow("captions")]
    [DataRow("speech")]
    public void Only_training_takes_two_views(string task) =>
        Assert.AreEqual(Loss(task, 0, 0.5f, training: false), Loss(task, 10, 0.5f, training: false));

    [TestMethod]
    public void Views_of_an_utterance_are_equally_fast_and_noisy_and_masked_apart()
    {
        double Loss(double weight, int masks) => SpeechLoss(new SpeechRecognitionOptions { Noise = 0.5, SpeedChange = 0.3, TimeMasks = masks, FrequencyMasks = masks, Dropout = 0, ConsistencyWeight = weight }, true).Loss;

        Assert.AreEqual(Loss(1, 0), Loss(10, 0), 1e-5);
        Assert.IsGreaterThan(Loss(1, 2) + 1e-3, Loss(10, 2));
    }

    private static (double Loss, int Predictions) Loss(string task, double weight, float dropout, bool training) => task switch
    {
        "translation" => TranslationLoss(weight, dropout, training),
        "captions" => CaptionLoss(weight, dropout, training),
        _ => SpeechLoss(new SpeechRecognitionOptions { SpeedChange = 0, TimeMasks = 0, FrequencyMasks = 0, Dropout = dropout, ConsistencyWeight = weight }, training),
    };

    private static (double Loss, int Predictions) TranslationLoss(double weight, float dropout, bool training)
    {
        TranslationOptions options = TinyCorpus.Options();
        (options.Dropout, options.ConsistencyWeight) = (dropout, weight);
        using var tiny = new TinyTraining(options);
        return Loss(tiny.Training, training);
    }

    private static (double Loss, int Predictions) CaptionLoss(double weight, float dropout, bool training)
    {
        ImageCaptioningOptions options = TinyPictures.Options();
        (options.Dropout, options.ConsistencyWeight) = (dropout, weight);
        using var random = new Generator(5);
        using var network = new CaptionNetwork(new CaptionShape(3, 9, 6, 6, 1, false, true, Gates), dropout, random);
        CaptionExample[] examples = [new(0, RandomCaptioner.Picture(1, 3), [4, 5, 4]), new(1, RandomCaptioner.Picture(2, 3), [5])];
        return Loss(new CaptionTraining(network, examples, (_, _) => 0, options), training);
    }

    private static (double Loss, int Predictions) SpeechLoss(SpeechRecognitionOptions options, bool training)
    {
        using var random = new Generator(5);
        SpeechShape shape = SmallSpeech.Shape();
        using var network = new SpeechNetwork(shape, options.Dropout, random);
        return Loss(new SpeechTraining(network, SmallSpeech.Utterances(shape, new Random(1), 60, 44), (_, _) => 0, options, new Random(2)), training);
    }

    private static GateNetworkOptions Gates => new(1, 6, GateActivation.LeakyRelu, false, 0);

    private static (double Loss, int Predictions) Loss(TrainableNetwork network, bool training)
    {
        using var scope = NewDisposeScope();
        network.Module.train(training);
        (Tensor loss, int predictions) = network.Loss(_rows);
        return (loss.item<float>(), predictions);
    }
}
