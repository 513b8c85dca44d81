using Microsoft.ML.HLstm.Experiments;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;

namespace Microsoft.ML.HLstm;

/// <summary>Trainers and metrics for describing images; reached as <c>mlContext.ImageCaptioning</c>.</summary>
public sealed class ImageCaptioningCatalog
{
    private readonly MLContext _mlContext;

    internal ImageCaptioningCatalog(MLContext mlContext)
    {
        _mlContext = mlContext;
        Trainers = new ImageCaptioningTrainers(mlContext);
    }

    /// <summary>The trainers of this task.</summary>
    public ImageCaptioningTrainers Trainers { get; }

    /// <summary>Measures captions against references with CIDEr-D, BLEU and ROUGE-L as the COCO caption evaluation computes them.</summary>
    /// <param name="data">Scored data with a column of references: text, or a vector of text for several references, of which those without a word do not count.</param>
    /// <param name="labelColumnName">
    /// The column of references; null takes the one that the captioning transformer was trained on, else <c>Label</c>.
    /// </param>
    /// <param name="predictedColumnName">The column of captions: text.</param>
    /// <param name="imageColumnName">
    /// A column of text that names the image of a row, for data with one reference a row: the references of all rows of an image
    /// are pooled, and the caption of its first row is scored. Null makes every row an image of its own.
    /// </param>
    /// <param name="frequencyData">
    /// Data with the same column of references (and of images, where one is named) that CIDEr-D counts document frequencies in;
    /// null counts them in the references of <paramref name="data"/>, as the COCO caption evaluation does.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or is not text.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or a row has no reference.</exception>
    public ImageCaptioningMetrics Evaluate(IDataView data, string? labelColumnName = null, string predictedColumnName = ImageCaptioningTransformer.PredictedColumnName,
        string? imageColumnName = null, IDataView? frequencyData = null) =>
        ImageCaptioningEvaluator.Evaluate(_mlContext, data, labelColumnName, predictedColumnName, imageColumnName, frequencyData);

    /// <summary>An experiment that searches for the best compact model within a budget.</summary>
    /// <param name="settings">What is searched over, how long, and what for.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or the search space has what the options do not; the message names it.</exception>
    public SequenceExperiment CreateExperiment(SequenceExperimentSettings<ImageCaptioningOptions> settings) =>
        TaskTrials.CreateExperiment(_mlContext, ExperimentTasks.ImageCaptioning(_mlContext), settings);
}
