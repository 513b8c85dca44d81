using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Translate;

/// <summary>Finds the translating transformer in a loaded model, which may be a chain of transformers.</summary>
internal static class TranslationModel
{
    /// <exception cref="SampleException">There is none.</exception>
    public static TranslationTransformer Find(ITransformer model) =>
        Flatten(model).OfType<TranslationTransformer>().LastOrDefault()
        ?? throw new SampleException($"The model does not translate: it has {string.Join(", ", Flatten(model).Select(t => t.GetType().Name))} and no {nameof(TranslationTransformer)}.");

    /// <summary>The same model with another search.</summary>
    public static ITransformer WithDecoding(ITransformer model, Func<DecodingOptions, DecodingOptions> change) =>
        Change(model, translating => translating.WithDecoding(change(translating.Decoding)));

    /// <summary>The same model with its weights rounded to another precision.</summary>
    public static ITransformer WithPrecision(ITransformer model, WeightPrecision precision) =>
        Change(model, translating => translating.WithPrecision(precision));

    private static ITransformer Change(ITransformer model, Func<TranslationTransformer, TranslationTransformer> change)
    {
        TranslationTransformer translating = Find(model);
        TranslationTransformer changed = change(translating);
        return model is TranslationTransformer
            ? changed
            : new TransformerChain<ITransformer>([.. Flatten(model).Select(t => ReferenceEquals(t, translating) ? changed : t)]);
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
