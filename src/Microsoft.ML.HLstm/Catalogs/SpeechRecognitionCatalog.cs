using Microsoft.ML.HLstm.Experiments;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;

namespace Microsoft.ML.HLstm;

/// <summary>Trainers and metrics for recognising speech; reached as <c>mlContext.SpeechRecognition</c>.</summary>
public sealed class SpeechRecognitionCatalog
{
    private readonly MLContext _mlContext;

    internal SpeechRecognitionCatalog(MLContext mlContext)
    {
        _mlContext = mlContext;
        Trainers = new SpeechRecognitionTrainers(mlContext);
    }

    /// <summary>The trainers of this task.</summary>
    public SpeechRecognitionTrainers Trainers { get; }

    /// <summary>Measures transcripts against references with word and character error rates.</summary>
    /// <param name="data">Scored data with a column of references: text.</param>
    /// <param name="labelColumnName">
    /// The column of references; null takes the one that the recognising transformer was trained on, else <c>Label</c>.
    /// </param>
    /// <param name="predictedColumnName">The column of transcripts: text.</param>
    /// <param name="lowerCase">True to compare without case.</param>
    /// <param name="worstUtterances">How many of the worst utterances to keep with their alignments; 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text, or a number is out of its range.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or the references have no words.</exception>
    public SpeechRecognitionMetrics Evaluate(IDataView data, string? labelColumnName = null,
        string predictedColumnName = SpeechRecognitionTransformer.PredictedColumnName, bool lowerCase = false, int worstUtterances = 10) =>
        SpeechRecognitionEvaluator.Evaluate(_mlContext, data, labelColumnName, predictedColumnName, lowerCase, worstUtterances);

    /// <summary>An experiment that searches for the best compact model within a budget.</summary>
    /// <param name="settings">What is searched over, how long, and what for.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the search space has what the options do not; the message names it.</exception>
    public SequenceExperiment CreateExperiment(SequenceExperimentSettings<SpeechRecognitionOptions> settings) =>
        TaskTrials.CreateExperiment(_mlContext, ExperimentTasks.SpeechRecognition(_mlContext), settings);
}
