using Microsoft.ML.HLstm.Tasks.Translation;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>What experiments know of each task.</summary>
internal static class ExperimentTasks
{
    /// <summary>Translation.</summary>
    public static ExperimentTask<TranslationOptions> Translation(MLContext mlContext) => new(
        nameof(Translation),
        [
            new("BLEU", LowerIsBetter: false, (scored, options) =>
                TranslationEvaluator.Evaluate(mlContext, scored, options.LabelColumnName, options.PredictedColumnName, options.LowerCase).Bleu),
        ],
        (options, algorithm) => algorithm == SearchSpace.Lstm ? mlContext.Translation.Trainers.Lstm(options) : mlContext.Translation.Trainers.HLstm(options),
        (trainer, train, initial) => ((TranslationTrainer)trainer).Fit(train, (TranslationTransformer)initial),
        model => (model as TranslationTransformer)?.Statistics);
}
