using Microsoft.ML.HLstm.Featurizers.Audio;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Featurizers.Audio;
using Microsoft.ML.HLstm.Tests.Training;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Training on six utterances of AN4.</summary>
[TestClass]
public class SpeechTrainingTests
{
    private const int Bands = 26;
    private static readonly string[] _transcripts = ["GO", "REPEAT", "C M U", "ONE FIVE TWO ONE SEVEN", "ENTER FIFTY SIXTY THREE", "W A R R E N"];
    private static readonly SpeechShape _shape = new(Bands, 28, [new(4, 5, 7, 2, 2), new(4, 5, 5, 2, 2)], 32, 1, true, true, new GateNetworkOptions(1, 32, GateActivation.LeakyRelu, false, 0));

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Loss_falls_far_and_the_utterances_are_recognised()
    {
        var options = new SpeechRecognitionOptions { BatchSize = 2, LearningRate = 1e-2, WarmupSteps = 0, WeightAveraging = 0.998, TimeMasks = 0, FrequencyMasks = 0, SpeedChange = 0, ConsistencyWeight = 0 };
        Utterance[] utterances = Utterances();
        using var random = new Generator(3);
        using var network = new SpeechNetwork(_shape, 0, random);
        SpeechWeights? validated = null;
        using var training = new SpeechTraining(network, utterances, (weights, _) => { validated = weights; return 50; }, options, new Random(5));
        using IChannel log = ((IHostEnvironment)new MLContext(1)).Register("test").Start("Test");
        var runner = new EpochRunner(training, options, new Random(4), log, 40);

        EpochResult[] epochs = [.. Enumerable.Range(1, 40).Select(epoch => runner.Run(TrainingPhase.Train, epoch, _ => options.LearningRate))];

        Assert.IsGreaterThan(2, epochs[0].Loss);
        Assert.IsLessThan(0.1, epochs[^1].Loss);
        Assert.AreEqual(50, epochs[^1].Metric);
        Assert.AreEqual(2 * (validated!.Cells.Sum(cell => cell.Matrices.Sum(matrix => (long)matrix.Count)) + 28 * 32), epochs[^1].FlopsPerStep);
        // The statistics of training serve without it, averaged like the weights.
        SpeechImport.Load(network, validated);
        network.eval();
        Tensor best = network.LogProbabilities(new SpeechBatch(utterances, _shape)).argmax(2);
        for (int row = 0; row < utterances.Length; row++)
        {
            long[] path = best.select(1, row).contiguous().data<long>().ToArray()[.._shape.Steps(utterances[row].Frames.Length / Bands)];
            int[] heard = [.. path.Where((label, t) => label != 0 && (t == 0 || path[t - 1] != label)).Select(label => (int)label)];
            CollectionAssert.AreEqual(utterances[row].Labels, heard, _transcripts[row]);
        }
    }

    [TestMethod]
    public void Running_means_do_not_keep_what_was_not_finite()
    {
        var options = new SpeechRecognitionOptions { BatchSize = 2, ConsistencyWeight = 0 };
        Utterance[] utterances = Utterances();
        using var random = new Generator(3);
        using var network = new SpeechNetwork(_shape, 0, random);
        using var training = new SpeechTraining(network, utterances, (_, _) => 50, options, new Random(5));
        using IChannel log = ((IHostEnvironment)new MLContext(1)).Register("test").Start("Test");
        float[][] Counted() => [.. training.Parameters.Where(parameter => !parameter.IsLearned).Select(parameter => parameter.Values.ToArray())];
        float[][] before = [], after = [];
        var runner = new EpochRunner(new WatchedNetwork(training, (call, loss) =>
        {
            // An overflow inside the network reaches its running means, and then the loss.
            if (call == 2)
                training.Parameters.First(parameter => !parameter.IsLearned).Values[0] = float.NaN;
            return call == 2 ? loss.Times(float.NaN) : loss;
        }, beforeLoss: call => (call == 2 ? ref before : ref after) = Counted()), options, new Random(4), log, 1);

        runner.Run(TrainingPhase.Train, 1, _ => 1e-3);

        Assert.HasCount(6, before);
        for (int i = 0; i < before.Length; i++)
            CollectionAssert.AreEqual(before[i], after[i]);
    }

    [TestMethod]
    public void Only_gates_and_output_are_masked_and_augmentation_is_for_training_only()
    {
        using var scope = NewDisposeScope();
        var options = new SpeechRecognitionOptions { Noise = 1, GrowAndPrune = GrowAndPruneSchedule.Compact };
        using var random = new Generator(3);
        using var network = new SpeechNetwork(_shape, 0, random);
        using var training = new SpeechTraining(network, Utterances(), (_, _) => 0, options, new Random(5));
        network.eval();

        (Tensor first, int predictions) = training.Loss([0, 1]);
        (Tensor again, _) = training.Loss([0, 1]);

        Assert.AreEqual(first.item<float>(), again.item<float>());
        Assert.AreEqual("GOREPEAT".Length, predictions);
        CollectionAssert.AreEquivalent(
            new[] { MaskedMatrices.Gates, MaskedMatrices.Gates, MaskedMatrices.Gates, MaskedMatrices.Gates, MaskedMatrices.Gates, MaskedMatrices.Gates, MaskedMatrices.OutputProjection },
            training.Parameters.Where(parameter => parameter.Matrix is not null).Select(parameter => parameter.Group).ToArray());
        training.BecomeTeacher(0.5, new Preparation(default));
        Assert.AreNotEqual(first.item<float>(), training.Loss([0, 1]).Loss.item<float>());
    }

    private static Utterance[] Utterances()
    {
        var options = new SpectrogramOptions { Features = SpectrogramFeatures.LogMel, MelBands = Bands };
        var computer = new SpectrogramComputer(options, new SpectrogramShape(options, An4.SampleRate));
        return [.. An4.Names.Select((name, row) => new Utterance(row, computer.Compute(An4.Samples(name)).ToArray(), [.. _transcripts[row].Select(Label)]))];
    }

    private static int Label(char letter) => letter == ' ' ? 1 : letter - 'A' + 2;
}
