using Microsoft.ML.HLstm.Metrics.Captions;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Measures scored data.</summary>
internal static class ImageCaptioningEvaluator
{
    /// <summary>The scores of a column of captions against one or several references an image.</summary>
    public static ImageCaptioningMetrics Evaluate(IHostEnvironment environment, IDataView data, string? labelColumnName,
        string predictedColumnName, string? imageColumnName, IDataView? frequencyData)
    {
        IHost host = environment.Register(nameof(ImageCaptioningEvaluator));
        host.CheckValue(data, nameof(data));
        DataViewSchema.Column predicted = ScoredColumns.Predicted(host, data, predictedColumnName);
        DataViewSchema.Column label = ScoredColumns.Label(host, data, predicted, labelColumnName);
        var scoring = new CaptionScoring();
        (IReadOnlyList<ReferencedImage> images, long rows) = ReferencedImages.Read(host, data, nameof(data), label.Name, imageColumnName, predicted.Name);
        if (rows == 0)
            throw host.Except("The data to evaluate has no rows; at least one is needed.");
        foreach (ReferencedImage image in images)
            scoring.Add(image.Prediction!, image.References);
        if (frequencyData is not null)
        {
            foreach (ReferencedImage image in ReferencedImages.Read(host, frequencyData, nameof(frequencyData), label.Name, imageColumnName, null).Images)
                scoring.AddToCorpus(image.References);
        }

        return new ImageCaptioningMetrics(scoring.Compute(), rows);
    }
}
