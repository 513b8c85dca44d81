using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>What training, evaluation and prediction have in common about features.</summary>
internal static class ImageFeatures
{
    /// <summary>The column of features.</summary>
    public static string NameOf(ImageFeaturesTransformer features)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumn(nameof(CaptionedImage.ImagePath), TextDataViewType.Instance);
        return features.GetOutputSchema(builder.ToSchema())[^1].Name;
    }

    /// <summary>Runs what reads images; one that cannot be used ends the command with its name.</summary>
    /// <exception cref="SampleException">An image cannot be used.</exception>
    public static T Checked<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (Cause(exception) is { } invalid)
        {
            throw new SampleException(invalid.Message);
        }
    }

    // Threads that read rows ahead wrap what they meet.
    private static InvalidImageException? Cause(Exception? exception)
    {
        while (exception is not (null or InvalidImageException))
            exception = exception.InnerException;
        return (InvalidImageException?)exception;
    }
}
