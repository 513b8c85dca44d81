namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>One trained model for all tests that only score; it has seen every picture.</summary>
internal static class TinyCaptioner
{
    private static readonly Lazy<ImageCaptioningTransformer> _trained = new(() =>
    {
        var mlContext = new MLContext(1);
        ImageCaptioningOptions options = TinyPictures.Options();
        options.ValidationSet = TinyPictures.Load(mlContext);
        return new ImageCaptioningTrainers(mlContext).Lstm(options).Fit(TinyPictures.Load(mlContext));
    });

    /// <summary>The model.</summary>
    public static ImageCaptioningTransformer Trained => _trained.Value;
}
