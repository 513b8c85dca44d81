using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>One trained model for all tests that only score.</summary>
internal static class TinyModel
{
    private static readonly Lazy<TranslationTransformer> _trained = new(() =>
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(20);
        options.MaximumLength = 8;
        return mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext));
    });

    /// <summary>The model; it reads German and writes the default columns.</summary>
    public static TranslationTransformer Trained => _trained.Value;

    /// <summary>Saves the model as a zip.</summary>
    public static byte[] Zip(ITransformer? model = null)
    {
        var mlContext = new MLContext();
        using var stream = new MemoryStream();
        mlContext.Model.Save(model ?? Trained, TinyCorpus.Load(mlContext).Schema, stream);
        return stream.ToArray();
    }

    /// <summary>The weights of a model that is trained now, as the model file has them.</summary>
    public static byte[] TrainedWeights(TranslationOptions options)
    {
        var mlContext = new MLContext(1);
        return Weights(mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext)));
    }

    /// <summary>The weights of a model, as the model file has them.</summary>
    public static byte[] Weights(TranslationTransformer model)
    {
        using var stream = new MemoryStream();
        WeightFileWriter.Write(stream, model.Model.Weights);
        return stream.ToArray();
    }

    /// <summary>The translations of some sentences.</summary>
    public static string[] Translate(ITransformer model, params string[] sentences)
    {
        var mlContext = new MLContext();
        IDataView data = mlContext.Data.LoadFromEnumerable(sentences.Select(sentence => new SentenceRow { German = sentence }));
        return [.. mlContext.Data.CreateEnumerable<TranslationRow>(model.Transform(data), false, ignoreMissingColumns: true).Select(row => row.PredictedTranslation)];
    }
}
