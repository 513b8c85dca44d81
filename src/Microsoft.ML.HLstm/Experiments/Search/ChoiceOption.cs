using System.Globalization;

namespace Microsoft.ML.HLstm;

/// <summary>
/// One of some values. A single one pins a parameter. Numbers in rising order are taken to be alike when they are neighbours;
/// other values have no order.
/// </summary>
public sealed class ChoiceOption : OptionBase
{
    private readonly object[] _choices;
    private readonly bool _ordered;

    /// <summary>The values to choose from.</summary>
    /// <param name="choices">At least one; each a number, a Boolean, a string or a value of an enum.</param>
    /// <exception cref="ArgumentException">There is none, one is there twice, or one is of another type.</exception>
    public ChoiceOption(params object[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        _choices = [.. choices.Select(choice => new ParameterSet([KeyValuePair.Create(nameof(choices), choice)]).Values[0].Value)];
        if (choices.Length == 0 || _choices.Distinct().Count() != choices.Length)
            throw new ArgumentException($"The choices are '{string.Join(", ", choices)}'; allowed is one or more, each of them once.", nameof(choices));
        double[] numbers = [.. _choices.Where(choice => choice is int or double).Select(choice => Convert.ToDouble(choice, CultureInfo.InvariantCulture))];
        _ordered = numbers.Length == _choices.Length && numbers.Length > 1 && numbers.Zip(numbers.Skip(1)).All(pair => pair.First < pair.Second);
    }

    internal override int Choices => _ordered ? 0 : _choices.Length;

    internal override object At(double unit) => _choices[Math.Min(_choices.Length - 1, (int)(unit * _choices.Length))];

    internal override double UnitOf(object value) => Array.IndexOf(_choices, value) is >= 0 and int index
        ? (index + 0.5) / _choices.Length
        : throw new ArgumentException($"The value {value} is none of {this}.", nameof(value));

    internal override IReadOnlyList<object> Grid(int steps) => _choices;

    /// <inheritdoc/>
    public override string ToString() => $"one of {string.Join(", ", _choices.Select(ParameterSet.Text))}";
}
