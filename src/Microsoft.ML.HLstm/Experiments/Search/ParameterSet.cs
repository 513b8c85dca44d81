using System.Globalization;
using System.Text.Json.Serialization;

namespace Microsoft.ML.HLstm;

/// <summary>
/// One point of a <see cref="SearchSpace"/>: values by name, in the order of the space. Options whose condition does not hold
/// have no value. Never changes.
/// </summary>
[JsonConverter(typeof(Experiments.ParameterSetConverter))]
public sealed class ParameterSet : IEquatable<ParameterSet>
{
    private readonly List<KeyValuePair<string, object>> _values;

    /// <summary>A point with the given values.</summary>
    /// <param name="values">Each an integer, a floating-point number, a Boolean, a string or a value of an enum.</param>
    /// <exception cref="ArgumentException">A value is of another type, or a name is there twice.</exception>
    public ParameterSet(IEnumerable<KeyValuePair<string, object>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = [.. values.Select(entry => KeyValuePair.Create(entry.Key, Normalize(entry.Key, entry.Value)))];
        if (_values.CountBy(entry => entry.Key).FirstOrDefault(count => count.Value > 1).Key is { } twice)
            throw new ArgumentException($"The parameter '{twice}' is there twice.", nameof(values));
    }

    /// <summary>The values, each an <see cref="int"/>, a <see cref="double"/>, a <see cref="bool"/> or a <see cref="string"/>.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Values => _values;

    /// <summary>True when there is a value of this name.</summary>
    public bool Contains(string name) => Find(name) is not null;

    /// <summary>The value of this name.</summary>
    /// <typeparam name="T">A number type, <see cref="bool"/>, <see cref="string"/> or an enum.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none: the space has no such option, or its condition does not hold.</exception>
    public T Get<T>(string name) => (T)Convert(Find(name)
        ?? throw new KeyNotFoundException($"There is no parameter '{name}'; there are {string.Join(", ", _values.Select(entry => entry.Key))}."), typeof(T));

    /// <summary>The value of this name, or another one where there is none.</summary>
    public T Get<T>(string name, T otherwise) => Contains(name) ? Get<T>(name) : otherwise;

    /// <inheritdoc/>
    public bool Equals(ParameterSet? other) => other is not null && _values.SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ParameterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (KeyValuePair<string, object> entry in _values)
            hash.Add(entry);
        return hash.ToHashCode();
    }

    /// <summary>Names and values in one line.</summary>
    public override string ToString() => string.Join(", ", _values.Select(entry => $"{entry.Key}={Text(entry.Value)}"));

    /// <summary>The value of this name, or null.</summary>
    internal object? Find(string name) => _values.Find(entry => entry.Key == name).Value;

    /// <summary>A value in full precision.</summary>
    internal static string Text(object value) => System.Convert.ToString(value, CultureInfo.InvariantCulture)!;

    /// <summary>A value as another type.</summary>
    /// <exception cref="FormatException">It cannot be one.</exception>
    internal static object Convert(object value, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsEnum ? Enum.Parse(type, Text(value)) : System.Convert.ChangeType(value, type, CultureInfo.InvariantCulture);
    }

    private static object Normalize(string name, object value) => value switch
    {
        int or double or bool or string => value,
        Enum => value.ToString()!,
        float or long or short or byte => value is float ? System.Convert.ToDouble(value, CultureInfo.InvariantCulture) : System.Convert.ToInt32(value, CultureInfo.InvariantCulture),
        _ => throw new ArgumentException($"The parameter '{name}' is {value ?? "null"}; allowed is a number, a Boolean, a string or a value of an enum.", nameof(value)),
    };
}
