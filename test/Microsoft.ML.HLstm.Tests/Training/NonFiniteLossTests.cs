using System.Text.RegularExpressions;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class NonFiniteLossTests
{
    [TestMethod]
    public void In_the_first_epoch_it_ends_the_run_and_names_epoch_batch_and_rows()
    {
        using var tiny = new TinyTraining(Options(3, retries: 0));

        string message = Assert.Throws<InvalidOperationException>(() => tiny.Run(Watched(tiny, NaN, 2)).Train()).Message;

        StringAssert.Matches(message, new Regex(@"loss is NaN in epoch 1, batch 2, with rows \d+(, \d+){9} of the training data"));
    }

    [TestMethod]
    public void Later_the_best_model_survives()
    {
        using var tiny = new TinyTraining(Options(5, retries: 0));
        TrainingRun run = tiny.Run(Watched(tiny, NaN, 25));

        run.Train();

        Assert.HasCount(2, run.History.Epochs);
        AssertIsBest(tiny, run);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void The_step_is_undone_and_the_learning_rate_is_halved_from_there_on(bool gradient)
    {
        using var tiny = new TinyTraining(Options(3, retries: 1));
        const int Poisoned = 15;
        List<float[]> before = [], after = [], later = [];
        TrainingRun run = tiny.Run(new WatchedNetwork(tiny.Training, (call, loss) =>
        {
            if (call is >= Poisoned and <= Poisoned + 2)
                (call == Poisoned ? before : call == Poisoned + 1 ? after : later).AddRange(State(tiny));
            return call == Poisoned ? gradient ? InfiniteGradient(loss) : NaN(loss) : loss;
        }));

        run.Train();

        Assert.IsTrue(before.Zip(after).All(pair => pair.First.SequenceEqual(pair.Second)));
        Assert.IsFalse(before.Zip(later).All(pair => pair.First.SequenceEqual(pair.Second)));
        double rate = tiny.Options.LearningRate;
        CollectionAssert.AreEqual(new[] { rate, rate / 2, rate / 2 }, run.History.Epochs.Select(epoch => epoch.LearningRate).ToArray());
        Assert.IsTrue(run.History.Epochs.All(epoch => double.IsFinite(epoch.Loss)));
        AssertIsBest(tiny, run);
    }

    [TestMethod]
    public void Once_too_often_it_ends_the_run()
    {
        using var tiny = new TinyTraining(Options(5, retries: 3));
        TrainingRun run = tiny.Run(Watched(tiny, InfiniteGradient, 12, 13, 24, 35));

        run.Train();

        Assert.HasCount(3, run.History.Epochs);
        Assert.AreEqual(tiny.Options.LearningRate / 8, run.History.Epochs[^1].LearningRate);
        AssertIsBest(tiny, run);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Growth_leaves_the_batch_out(bool gradient)
    {
        TranslationOptions options = Options(2, retries: 1);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthBatches = 4, GrowthRatio = 0.5 };
        using TinyTraining tiny = new(options), clean = new(options);
        foreach (TinyTraining one in (TinyTraining[])[tiny, clean])
        {
            var random = new Random(1);
            foreach (TrainedParameter parameter in one.Training.Parameters.Where(p => p.Matrix is not null))
            {
                Microsoft.ML.HLstm.GrowAndPrune.Seeding.Random(parameter.Matrix!, 0.3, random);
                parameter.ApplyMask();
            }
        }

        // The second of four batches is not finite, so the first, third and fourth are summed up; weightless, it counts for nothing.
        int calls = 0;
        tiny.Runner(new WatchedNetwork(tiny.Training, (_, loss) => ++calls == 2 ? gradient ? InfiniteGradient(loss) : NaN(loss) : loss)).Grow(options.GrowAndPrune);
        clean.Runner(new WatchedNetwork(clean.Training, (call, loss) => call == 2 ? loss.Times(0) : loss)).Grow(options.GrowAndPrune);

        Assert.AreEqual(5, calls);
        foreach ((TrainedParameter left, TrainedParameter whole) in tiny.Training.Parameters.Zip(clean.Training.Parameters).Where(pair => pair.First.Matrix is not null))
            CollectionAssert.AreEqual(whole.Matrix!.Mask, left.Matrix!.Mask, left.Name);
    }

    private static TranslationOptions Options(int epochs, int retries)
    {
        TranslationOptions options = TinyCorpus.Options(epochs);
        options.NonFiniteRetries = retries;
        return options;
    }

    private static WatchedNetwork Watched(TinyTraining tiny, Func<Tensor, Tensor> poison, params int[] calls) =>
        new(tiny.Training, (call, loss) => calls.Contains(call) ? poison(loss) : loss);

    /// <summary>What an overflow in the network does.</summary>
    private static Tensor NaN(Tensor loss) => loss.Times(float.NaN);

    /// <summary>What an overflow on the way back does: the loss is what it was.</summary>
    private static Tensor InfiniteGradient(Tensor loss) => loss.Plus((loss - loss.detach()).Times(1e38f).Times(1e38f));

    private static IEnumerable<float[]> State(TinyTraining tiny) =>
        tiny.Training.Parameters.SelectMany(p => (float[][])[p.Values.ToArray(), [.. p.FirstMoment], [.. p.SecondMoment], [.. p.Average]]);

    private static void AssertIsBest(TinyTraining tiny, TrainingRun run)
    {
        Assert.IsTrue(tiny.Training.Parameters.All(parameter => AllFinite(parameter.Values.ToArray())));
        Assert.AreEqual(run.History.Epochs.Max(epoch => epoch.Metric), tiny.Training.Validate(default).Metric, 1e-9);
    }

    private static bool AllFinite(float[] values) => Array.TrueForAll(values, float.IsFinite);
}
