using Microsoft.ML.HLstm.Experiments;
using Microsoft.ML.HLstm.Tasks.Translation;

namespace Microsoft.ML.HLstm;

/// <summary>Trainers and metrics for translating text; reached as <c>mlContext.Translation</c>.</summary>
public sealed class TranslationCatalog
{
    private readonly MLContext _mlContext;

    internal TranslationCatalog(MLContext mlContext)
    {
        _mlContext = mlContext;
        Trainers = new TranslationTrainers(mlContext);
    }

    /// <summary>The trainers of this task.</summary>
    public TranslationTrainers Trainers { get; }

    /// <summary>Measures translations against references with corpus BLEU as sacreBLEU computes it.</summary>
    /// <param name="data">Scored data with a column of references: text, or a vector of text for several references, of which empty ones do not count.</param>
    /// <param name="labelColumnName">
    /// The column of references; null takes the one that the translating transformer was trained on.
    /// </param>
    /// <param name="predictedColumnName">The column of translations.</param>
    /// <param name="lowerCase">True to compare without case (<c>case:lc</c> in the signature).</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or a row has no reference.</exception>
    public TranslationMetrics Evaluate(IDataView data, string? labelColumnName = null,
        string predictedColumnName = TranslationTransformer.PredictedColumnName, bool lowerCase = false) =>
        TranslationEvaluator.Evaluate(_mlContext, data, labelColumnName, predictedColumnName, lowerCase);

    /// <summary>An experiment that searches for the best compact model within a budget.</summary>
    /// <param name="settings">What is searched over, how long, and what for.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the search space has what the options do not; the message names it.</exception>
    public SequenceExperiment CreateExperiment(SequenceExperimentSettings<TranslationOptions> settings) =>
        TaskTrials.CreateExperiment(_mlContext, ExperimentTasks.Translation(_mlContext), settings);
}
