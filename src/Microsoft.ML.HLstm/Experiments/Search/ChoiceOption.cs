namespace Microsoft.ML.HLstm;

/// <summary>One of some values without an order. A single one pins a parameter.</summary>
public sealed class ChoiceOption : OptionBase
{
    private readonly object[] _choices;

    /// <summary>The values to choose from.</summary>
    /// <param name="choices">At least one; each a number, a Boolean, a string or a value of an enum.</param>
    /// <exception cref="ArgumentException">There is none, one is there twice, or one is of another type.</exception>
    public ChoiceOption(params object[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        _choices = [.. choices.Select(choice => new ParameterSet([KeyValuePair.Create(nameof(choices), choice)]).Values[0].Value)];
        if (choices.Length == 0 || _choices.Distinct().Count() != choices.Length)
            throw new ArgumentException($"The choices are '{string.Join(", ", choices)}'; allowed is one or more, each of them once.", nameof(choices));
    }

    internal override int Choices => _choices.Length;

    internal override object At(double unit) => _choices[Math.Min(_choices.Length - 1, (int)(unit * _choices.Length))];

    internal override double UnitOf(object value) => Array.IndexOf(_choices, value) is >= 0 and int index
        ? (index + 0.5) / _choices.Length
        : throw new ArgumentException($"The value {value} is none of {this}.", nameof(value));

    internal override IReadOnlyList<object> Grid(int steps) => _choices;

    /// <inheritdoc/>
    public override string ToString() => $"one of {string.Join(", ", _choices.Select(ParameterSet.Text))}";
}
