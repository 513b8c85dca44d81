using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>The loss of two rows in a small network of each task.</summary>
internal static class TaskLoss
{
    private static readonly int[] _rows = [0, 1];

    /// <summary>Of a network that begins with the same weights, and drops values with the same random numbers, each time.</summary>
    public static (double Loss, int Predictions) Of(string task, double weight, float dropout, bool training = true, double share = 1) => task switch
    {
        "translation" => Translation(weight, dropout, training, share),
        "captions" => Captions(weight, dropout, training, share),
        _ => Speech(new SpeechRecognitionOptions { SpeedChange = 0, TimeMasks = 0, FrequencyMasks = 0, Dropout = dropout, GateDropout = dropout, ConsistencyWeight = weight }, training, share),
    };

    private static (double Loss, int Predictions) Translation(double weight, float dropout, bool training, double share)
    {
        TranslationOptions options = TinyCorpus.Options();
        (options.Dropout, options.GateDropout, options.ConsistencyWeight) = (dropout, dropout, weight);
        using var tiny = new TinyTraining(options);
        return Compute(tiny.Training, training, share);
    }

    private static (double Loss, int Predictions) Captions(double weight, float dropout, bool training, double share)
    {
        ImageCaptioningOptions options = TinyPictures.Options();
        (options.Dropout, options.GateDropout, options.ConsistencyWeight) = (dropout, dropout, weight);
        using var random = new Generator(5);
        using var network = new CaptionNetwork(new CaptionShape(3, 9, 6, 6, 1, false, true, new GateNetworkOptions(1, 6, GateActivation.LeakyRelu, false, dropout)), dropout, random);
        CaptionExample[] examples = [new(0, RandomCaptioner.Picture(1, 3), [4, 5, 4]), new(1, RandomCaptioner.Picture(2, 3), [5])];
        return Compute(new CaptionTraining(network, examples, (_, _) => 0, options), training, share);
    }

    public static (double Loss, int Predictions) Speech(SpeechRecognitionOptions options, bool training = true, double share = 1)
    {
        using var random = new Generator(5);
        SpeechShape shape = SmallSpeech.Shape(dropout: options.GateDropout);
        using var network = new SpeechNetwork(shape, options.Dropout, random);
        return Compute(new SpeechTraining(network, SmallSpeech.Utterances(shape, new Random(1), 60, 44), (_, _) => 0, options, new Random(2)), training, share);
    }

    private static (double Loss, int Predictions) Compute(TrainableNetwork network, bool training, double share)
    {
        using var scope = NewDisposeScope();
        network.Module.train(training);
        network.DropoutShare = share;
        (Tensor loss, int predictions) = network.Loss(_rows);
        return (loss.item<float>(), predictions);
    }
}
