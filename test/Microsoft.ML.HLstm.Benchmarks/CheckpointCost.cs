using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// What a checkpoint costs at the sizes of Multi30k (256 units, 5,000 words, 64 pairs of about 15 tokens, 29,000 pairs): a real
/// run writes it again and again between two batches, which are timed too. The epoch is counted without its validation.
/// </summary>
internal static class CheckpointCost
{
    private const int Units = 256, Vocabulary = 4996, Batch = 64, Batches = 6, Turns = 7;
    private const double BatchesOfEpoch = 29_000.0 / Batch, MebiByte = 1 << 20;

    public static void Run(TextWriter output, int threads)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hlstm-checkpoints");
        try
        {
            Measure(output, threads, folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Measure(TextWriter output, int threads, string folder)
    {
        TranslationOptions options = Options(folder, threads);
        string[] sentences = [.. Enumerable.Range(0, Vocabulary / 4).Select(i => $"w{4 * i} w{4 * i + 1} w{4 * i + 2} w{4 * i + 3}")];
        TextVocabulary words = WordVocabulary.Learn(sentences, false, 1, TextVocabulary.MaximumCount);
        SentencePair[] pairs = Pairs(words.Count);
        using IChannel log = ((IHostEnvironment)new MLContext(1)).Register(nameof(CheckpointCost)).Start("Run");
        using var random = new RandomStreams(1);
        using TrainingCheckpoints checkpoints = TrainingCheckpoints.Open(options, log)!;
        checkpoints.Begin(new RunIdentity(1, OptionList.Deciding(options), 0, 0), random);
        using TorchThreads scope = TorchThreads.Use(threads);
        var shape = new TranslationShape(words.Count, words.Count, Units, Units, 1, 1, true, true, true, new GateNetworkOptions(1, Units, GateActivation.LeakyRelu, false, 0));
        using var network = new TranslationNetwork(shape, options.Dropout, random.Network);
        var held = new ParallelText([0, 1, 2, 3], sentences[..4], sentences[..4]);
        var training = new TranslationTraining(network, pairs, new TranslationValidation(held, weights => new TranslationModel(words, words, weights, options.MaximumLength, 0, 0), options), options);
        var run = new TrainingRun(training, options, random.Order, log, checkpoints: checkpoints);
        var steps = new List<double>();
        var measured = new HashSet<TrainingPhase>();
        var since = Stopwatch.StartNew();
        options.Progress = new Reporter(report =>
        {
            if (report.Batch is > 1 and < Batches)
                steps.Add(since.Elapsed.TotalSeconds);
            // The third batch of the second epoch of training, with a model to return, and of the first after pruning.
            if (report.Batch == 3 && (report is { Phase: TrainingPhase.Train, Epoch: > 1 } or { Phase: TrainingPhase.Prune }) && measured.Add(report.Phase))
                Report(output, report.Phase, run, folder, steps);
            since.Restart();
        });
        run.Train();
    }

    private static void Report(TextWriter output, TrainingPhase phase, TrainingRun run, string folder, List<double> steps)
    {
        double[] writes = [.. Enumerable.Range(0, Turns).Select(_ =>
        {
            var watch = Stopwatch.StartNew();
            run.Save();
            return watch.Elapsed.TotalSeconds;
        })];
        double write = Median(writes), epoch = Median(steps) * BatchesOfEpoch;
        double size = new FileInfo(Path.Combine(folder, TrainingCheckpoints.LatestName)).Length / MebiByte;
        double interval = Math.Min(epoch, new TranslationOptions().CheckpointInterval.TotalSeconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{phase}: a checkpoint of {size:F0} MiB takes {write:F2} s (from {writes.Min():F2} to {writes.Max():F2}), a step {Median(steps):F3} s, an epoch of {BatchesOfEpoch:F0} steps {epoch:F0} s: one each {interval:F0} s costs {write / interval:P1}"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] ordered = [.. values.Order()];
        return ordered[ordered.Length / 2];
    }

    private static TranslationOptions Options(string folder, int threads) => new()
    {
        StateSize = Units,
        EmbeddingSize = Units,
        BatchSize = Batch,
        Epochs = 2,
        ConsistencyWeight = 0,
        Threads = threads,
        Decoding = new DecodingOptions { MaximumLength = 20 },
        CheckpointFolder = folder,
        CheckpointInterval = TimeSpan.FromDays(1),
        GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthRounds = 0, SeedDensity = 1, PruningRounds = 1, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1 },
    };

    private static SentencePair[] Pairs(int words)
    {
        var random = new Random(1);
        int[] Sentence(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(4, words))];
        return [.. Enumerable.Range(0, Batches * Batch).Select(i => new SentencePair(i, [.. Sentence(14), TextVocabulary.End], Sentence(13 + i % 5)))];
    }

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
