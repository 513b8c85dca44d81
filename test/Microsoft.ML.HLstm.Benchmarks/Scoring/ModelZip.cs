namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Model zips and sentences for them.</summary>
internal static class ModelZip
{
    /// <summary>The model that ships with the samples.</summary>
    public static string Shipped { get; } = Path.Combine(AppContext.BaseDirectory, "data", "translate-de-en.zip");

    /// <summary>Sentences for <see cref="Shipped"/>.</summary>
    public static string ShippedData { get; } = Path.Combine(AppContext.BaseDirectory, "data", "tatoeba-heldout.tsv.gz");

    /// <summary>The translation model in a zip.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public static TranslationTransformer Load(string path)
    {
        ITransformer loaded = new MLContext().Model.Load(path, out _);
        IEnumerable<ITransformer> chain = loaded as IEnumerable<ITransformer> ?? [loaded];
        return chain.OfType<TranslationTransformer>().FirstOrDefault()
            ?? throw new InvalidOperationException($"The model {path} has no translation network; one trained by mlContext.Translation is needed.");
    }
}
