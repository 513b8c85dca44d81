using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Microsoft.ML.HLstm.Training;

/// <summary>The options of a run as names and values.</summary>
internal static class OptionList
{
    /// <summary>Every public property in ordinal order of names; those of an options object inside follow under its name.</summary>
    public static IReadOnlyList<ReportedOption> Of(object options) => [.. Walk(options, "")];

    /// <summary>
    /// What decides what is trained, as <c>name=value</c>, for telling two runs apart. Threads never decide the order of a sum, and
    /// the data have a fingerprint; a file is what is in it, wherever it lies.
    /// </summary>
    /// <param name="options">The options.</param>
    /// <param name="teachers">The fingerprints of the models that are learned from.</param>
    public static string[] Deciding(SequenceTrainerOptions options, params IEnumerable<ulong> teachers) =>
    [
        $"Options={options.GetType().Name}",
        .. Of(options).Where(option => option.Name.Split('.')[^1] != nameof(options.Threads) && option.Name != nameof(options.ValidationSet) && !options.Files.ContainsKey(option.Name)).Select(option => $"{option.Name}={option.Value}"),
        .. options.Files.Select(file => $"{file.Key}={(file.Value is { } path ? $"a file of fingerprint {DataFingerprint.OfFile(path):x16}" : Show(null))}"),
        .. teachers.Select(teacher => $"Teacher={teacher:x16}"),
    ];

    private static IEnumerable<ReportedOption> Walk(object options, string prefix)
    {
        foreach (PropertyInfo property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal))
        {
            if (property.GetIndexParameters().Length > 0 || property.IsDefined(typeof(NotReportedAttribute)))
                continue;
            object? value = property.GetValue(options);
            IEnumerable<ReportedOption> found = value is not null && IsOptions(value.GetType())
                ? Walk(value, prefix + property.Name + ".")
                : [new ReportedOption(prefix + property.Name, Show(value))];
            foreach (ReportedOption option in found)
                yield return option;
        }
    }

    private static bool IsOptions(Type type) => type.Assembly == typeof(OptionList).Assembly && type.IsClass
        && (type.Name.EndsWith("Options", StringComparison.Ordinal) || type.Name.EndsWith("Schedule", StringComparison.Ordinal));

    private static string Show(object? value) => value switch
    {
        null => "default",
        string text => text,
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        ITransformer => "given",
        ICollection { Count: 0 } => "none",
        IEnumerable list and not IDataView => string.Join(", ", list.Cast<object?>().Select(Show)),
        _ when value.GetType().Assembly == typeof(OptionList).Assembly => value.ToString()!,
        // Data or a model: what it is would be no line.
        _ => "given",
    };
}
