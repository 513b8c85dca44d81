using Microsoft.ML;
using Microsoft.ML.Data;

namespace Samples.Commands;

/// <summary>Finds and exchanges a task's transformer in a loaded model, which may be a chain of transformers.</summary>
internal static class ModelChain
{
    /// <exception cref="SampleException">There is none.</exception>
    public static T Find<T>(ITransformer model) where T : class, ITransformer =>
        Flatten(model).OfType<T>().LastOrDefault()
        ?? throw new SampleException($"The model is not one of this task: it has {string.Join(", ", Flatten(model).Select(t => t.GetType().Name))} and no {typeof(T).Name}.");

    /// <summary>The same model with another transformer of the task.</summary>
    /// <exception cref="SampleException">There is none.</exception>
    public static ITransformer Change<T>(ITransformer model, Func<T, T> change) where T : class, ITransformer
    {
        T found = Find<T>(model);
        T changed = change(found);
        return model is T ? changed : Chain(Flatten(model).Select(t => ReferenceEquals(t, found) ? changed : t));
    }

    /// <summary>The transformers of a model in order.</summary>
    public static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];

    /// <summary>A model of transformers in order.</summary>
    public static TransformerChain<ITransformer> Chain(IEnumerable<ITransformer> transformers) => new([.. transformers]);
}
