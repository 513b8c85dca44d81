namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>One trained model for all tests that only score.</summary>
internal static class TinySpeechModel
{
    private static readonly Lazy<SpeechRecognitionTransformer> _trained = new(() =>
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options();
        (options.WordTimesColumnName, options.LanguageModelOrder) = ("WordTimes", 2);
        return mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext));
    });

    /// <summary>The model; it has word times and a language model, which its search uses.</summary>
    public static SpeechRecognitionTransformer Trained => _trained.Value;

    /// <summary>Saves the model as a zip.</summary>
    public static byte[] Zip(ITransformer? model = null)
    {
        var mlContext = new MLContext();
        using var stream = new MemoryStream();
        mlContext.Model.Save(model ?? Trained, TinySpeech.Load(mlContext).Schema, stream);
        return stream.ToArray();
    }

    /// <summary>Loads a zip.</summary>
    public static SpeechRecognitionTransformer Load(byte[] zip)
    {
        using var stream = new MemoryStream(zip);
        return (SpeechRecognitionTransformer)new MLContext().Model.Load(stream, out _);
    }

    /// <summary>The outputs for some rows.</summary>
    public static TranscriptRow[] Score(ITransformer model, IEnumerable<SpokenRow>? rows = null)
    {
        var mlContext = new MLContext();
        return [.. mlContext.Data.CreateEnumerable<TranscriptRow>(model.Transform(TinySpeech.Load(mlContext, rows)), false)];
    }

    /// <summary>The transcripts of some rows.</summary>
    public static string[] Transcribe(ITransformer model, IEnumerable<SpokenRow>? rows = null) =>
        [.. Score(model, rows).Select(row => row.PredictedTranscript)];
}
