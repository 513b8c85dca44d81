using System.IO.Compression;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Training.Checkpoints;

/// <summary>A small run with everything that a checkpoint has to keep: warm-up, growth, both dropouts, averages, a teacher, pruning.</summary>
internal static class CheckpointedRun
{
    /// <summary>Options of the run; a checkpoint after every batch.</summary>
    public static TranslationOptions Options(string? folder)
    {
        TranslationOptions options = TinyCorpus.Options(8);
        (options.Dropout, options.GateDropout, options.PlateauPatience) = (0.2f, 0.2f, 1);
        options.WarmupSteps = 20;
        // Wide enough for a checkpoint to take milliseconds, so that a process can be killed while it writes one.
        options.EmbeddingSize = 200;
        (options.CheckpointFolder, options.CheckpointInterval) = (folder, TimeSpan.Zero);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with
        {
            GrowthRounds = 2,
            GrowthEpochs = 2,
            GrowthBatches = 3,
            PruningRounds = 2,
            PruningRatio = 0.5,
            RecoveryEpochs = 2,
            FinalRecoveryEpochs = 2,
            AllowedLoss = 1,
            Distillation = 0.5,
        };
        return options;
    }

    /// <summary>Trains and gives the weights.</summary>
    public static byte[] Weights(TranslationOptions options) => TinyModel.TrainedWeights(options);

    /// <summary>Trains in the folder that the first argument names, and saves the model zip to the second: for a process of its own.</summary>
    public static string Train(string[] arguments)
    {
        var mlContext = new MLContext(1);
        IDataView data = TinyCorpus.Load(mlContext);
        mlContext.Model.Save(mlContext.Translation.Trainers.HLstm(Options(arguments[0])).Fit(data), data.Schema, arguments[1]);
        return "trained";
    }

    /// <summary>The weights in a model zip, byte for byte.</summary>
    public static byte[] WeightsOf(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        using Stream entry = archive.Entries.Single(candidate => candidate.FullName.EndsWith("Weights", StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }
}
