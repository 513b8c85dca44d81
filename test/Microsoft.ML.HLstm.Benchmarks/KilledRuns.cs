using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.HLstm.Training.Checkpoints;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Trains in processes of their own, kills each at a random moment, every other one while it writes a checkpoint, lets another
/// process go on, and compares the weights in its model zip with those of a run that was never stopped, byte for byte.
/// </summary>
internal static class KilledRuns
{
    /// <summary>The command that trains in a process of its own.</summary>
    public const string ChildCommand = "resume-of";

    private const int Runs = 20, Sentences = 500;

    public static int Run(TextWriter output, int seed)
    {
        DirectoryInfo root = Directory.CreateTempSubdirectory("hlstm-resume");
        try
        {
            var watch = Stopwatch.StartNew();
            string whole = Path.Combine(root.FullName, "whole.zip");
            Finish(Path.Combine(root.FullName, "whole"), whole);
            double seconds = watch.Elapsed.TotalSeconds;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A run that is never stopped takes {seconds:F1} s. Seed {seed}."));
            byte[] expected = Weights(whole);
            var random = new Random(seed);
            int equal = 0;
            for (int i = 1; i <= Runs; i++)
            {
                string folder = Path.Combine(root.FullName, $"run-{i}"), model = folder + ".zip";
                string? how = null;
                // One that ended before it could be killed does not count.
                for (double most = seconds; how is null; most *= 0.8)
                {
                    File.Delete(model);
                    if (Directory.Exists(folder))
                        Directory.Delete(folder, recursive: true);
                    how = StartAndKill(folder, model, TimeSpan.FromSeconds(random.NextDouble() * most), whileWriting: i % 2 == 0);
                }

                Finish(folder, model);
                bool same = Weights(model).AsSpan().SequenceEqual(expected);
                equal += same ? 1 : 0;
                output.WriteLine($"{i,2}  {how}; resumed, its weights are {(same ? "equal" : "DIFFERENT")}");
            }

            output.WriteLine($"{equal} of {Runs}");
            return equal == Runs ? 0 : 1;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>Trains on some of the sentences that come with the samples.</summary>
    public static void Train(string folder, string model)
    {
        var mlContext = new MLContext(1);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "data", "tatoeba-heldout.tsv.gz")), CompressionMode.Decompress));
        Pair[] pairs = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Take(Sentences).Select(line => line.Split('\t')).Select(columns => new Pair { English = columns[0], German = columns[1] })];
        IDataView data = mlContext.Data.LoadFromEnumerable(pairs);
        var trainer = mlContext.Translation.Trainers.HLstm(new TranslationOptions
        {
            LabelColumnName = nameof(Pair.English),
            FeatureColumnName = nameof(Pair.German),
            StateSize = 64,
            EmbeddingSize = 64,
            VocabularySize = 800,
            Epochs = 3,
            BatchSize = 32,
            GateDropout = 0.1f,
            GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthRounds = 1, GrowthBatches = 8, PruningRounds = 2, RecoveryEpochs = 1, FinalRecoveryEpochs = 1, AllowedLoss = 1 },
            CheckpointFolder = folder,
            CheckpointInterval = TimeSpan.FromMilliseconds(200),
        });
        mlContext.Model.Save(trainer.Fit(data), data.Schema, model);
    }

    private static string? StartAndKill(string folder, string model, TimeSpan after, bool whileWriting)
    {
        using Process process = Start(folder, model);
        string unfinished = Path.Combine(folder, TrainingCheckpoints.UnfinishedName);
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < after && !process.HasExited)
            Thread.Sleep(1);
        while (whileWriting && !File.Exists(unfinished) && !process.HasExited)
        {
            // No pause: a checkpoint is written in milliseconds.
        }

        process.Kill();
        process.WaitForExit();
        string where = File.Exists(unfinished) ? " while it wrote a checkpoint" : "";
        return File.Exists(model) ? null : string.Create(CultureInfo.InvariantCulture, $"killed after {watch.Elapsed.TotalSeconds:F1} s{where}");
    }

    private static void Finish(string folder, string model)
    {
        using Process process = Start(folder, model);
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"Training in {folder} ended with code {process.ExitCode}.");
    }

    private static Process Start(string folder, string model) =>
        Process.Start(OwnProgram.With(ChildCommand, folder, model))!;

    private static byte[] Weights(string model)
    {
        using ZipArchive archive = ZipFile.OpenRead(model);
        using Stream entry = archive.Entries.Single(candidate => candidate.FullName.EndsWith("Weights", StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class Pair
    {
        public string English { get; set; } = "";

        public string German { get; set; } = "";
    }
}
