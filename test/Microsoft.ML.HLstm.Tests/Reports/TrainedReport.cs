using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Reports;

/// <summary>One model with a report for all tests that only read it: grown, pruned, compacted, with a hostile column name.</summary>
internal static class TrainedReport
{
    /// <summary>Would end the script of a page and a cell of a table.</summary>
    public const string HostileName = "</script><b>|x";

    private static readonly Lazy<TranslationTransformer> _model = new(() =>
    {
        var mlContext = new MLContext(1);
        return mlContext.Translation.Trainers.HLstm(Options).Fit(TinyCorpus.Load(mlContext));
    });

    public static TranslationTransformer Model => _model.Value;

    public static TrainingReport Report => Model.Report!;

    public static TranslationOptions Options
    {
        get
        {
            TranslationOptions options = TinyCorpus.Options(6);
            // What the options leave to the defaults is a part of the report.
            options.GateHiddenSize = null;
            (options.SaveReport, options.AlternativesColumnName, options.LearningRate) = (true, HostileName, 0.0123456789012345);
            options.GrowAndPrune = new GrowAndPruneSchedule
            {
                Matrices = MaskedMatrices.All,
                SeedDensity = 0.5,
                GrowthRounds = 2,
                GrowthRatio = 0.5,
                GrowthBatches = 4,
                PruningRatio = 0.9,
                PruningRounds = 1,
                AllowedLoss = 1,
                TargetDensity = 0.05,
            };
            return options;
        }
    }
}
