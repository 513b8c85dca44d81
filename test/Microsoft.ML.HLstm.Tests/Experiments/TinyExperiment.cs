using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Experiments;

/// <summary>Experiments whose trials take a moment.</summary>
internal static class TinyExperiment
{
    /// <summary>Settings for trials of one epoch, one parameter wide.</summary>
    public static SequenceExperimentSettings<TranslationOptions> Settings(string folder, ITuner tuner, string parameter, int trials)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.StateSize = 8;
        options.EmbeddingSize = 8;
        options.GateHiddenLayers = 0;
        return new SequenceExperimentSettings<TranslationOptions>
        {
            Options = options,
            SearchSpace = new SearchSpace { [parameter] = new UniformIntOption(1, 1_000_000) },
            Budgets = [1],
            MaxTrials = trials,
            CheckpointFolder = folder,
            Tuner = (_, _) => tuner,
        };
    }

    /// <summary>Runs an experiment on the tiny corpus.</summary>
    public static ExperimentResult Run(SequenceExperimentSettings<TranslationOptions> settings, IProgress<RunDetail>? progress = null)
    {
        var mlContext = new MLContext(1);
        return mlContext.Translation.CreateExperiment(settings).Execute(TinyCorpus.Load(mlContext, Train), TinyCorpus.Load(mlContext, Validation), progress);
    }

    /// <summary>What is trained on.</summary>
    public static IEnumerable<SentenceRow> Train => TinyCorpus.Rows.Where((_, i) => i % 5 != 0);

    /// <summary>What models are compared on.</summary>
    public static IEnumerable<SentenceRow> Validation => TinyCorpus.Rows.Where((_, i) => i % 5 == 0);
}
