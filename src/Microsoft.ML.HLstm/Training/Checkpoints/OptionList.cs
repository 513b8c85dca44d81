using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.HLstm.Training.Checkpoints;

/// <summary>Options as a list of <c>name=value</c>, for telling two runs apart.</summary>
internal static class OptionList
{
    /// <summary>
    /// What does not change what is trained, and the data, which have a fingerprint. Threads are among them because they never
    /// decide the order of a sum.
    /// </summary>
    private static readonly HashSet<string> _left =
    [
        nameof(SequenceTrainerOptions.Progress), nameof(SequenceTrainerOptions.CancellationToken), nameof(SequenceTrainerOptions.ReturnBestOnCancel),
        nameof(SequenceTrainerOptions.CheckpointFolder), nameof(SequenceTrainerOptions.CheckpointInterval), nameof(SequenceTrainerOptions.Threads),
        nameof(SequenceTrainerOptions.ValidationSet),
    ];

    /// <summary>All options that decide what is trained, in order of name; those of schedules and decoding as <c>GrowAndPrune.PruningRatio</c>.</summary>
    public static string[] Of(SequenceTrainerOptions options) => [.. Entries(options, "").Prepend($"Options={options.GetType().Name}")];

    private static IEnumerable<string> Entries(object options, string prefix)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(property => property.Name, StringComparer.Ordinal))
        {
            if (_left.Contains(property.Name) || property.GetIndexParameters().Length > 0)
                continue;
            object? value = property.GetValue(options);
            if (value is not null && value.GetType() is { IsClass: true } type && type.Namespace == typeof(SequenceTrainerOptions).Namespace)
            {
                foreach (string entry in Entries(value, $"{prefix}{property.Name}."))
                    yield return entry;
            }
            else
            {
                yield return $"{prefix}{property.Name}={Text(value)}";
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        Array array => string.Join(';', array.Cast<object?>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
