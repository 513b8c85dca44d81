namespace Microsoft.ML.HLstm;

/// <summary>A whole number between two others, both included.</summary>
public sealed class UniformIntOption : OptionBase
{
    private readonly int _min;
    private readonly int _max;
    private readonly bool _logBase;
    private readonly int _multipleOf;

    /// <summary>The numbers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    /// <param name="min">The smallest.</param>
    /// <param name="max">The largest; not below <paramref name="min"/>.</param>
    /// <param name="logBase">True when equal ratios are as far apart as each other, for sizes; then <paramref name="min"/> is at least 1.</param>
    /// <param name="multipleOf">Only multiples of this, at least 1, which both ends are too.</param>
    /// <exception cref="ArgumentException">The ends do not fit each other or the multiple.</exception>
    public UniformIntOption(int min, int max, bool logBase = false, int multipleOf = 1)
    {
        if (max < min || (logBase && min < 1) || multipleOf < 1 || min % multipleOf != 0 || max % multipleOf != 0)
        {
            throw new ArgumentException(
                $"The range is {min} to {max} in multiples of {multipleOf}; allowed is a smaller and a larger multiple of a positive number, above 0 with {nameof(logBase)}.", nameof(min));
        }
        (_min, _max, _logBase, _multipleOf) = (min, max, logBase, multipleOf);
    }

    internal override int Choices => 0;

    // Half a step further at both ends, so that the ends are as likely as the numbers between them.
    private double Low => Scale(_min - 0.5 * _multipleOf);

    private double High => Scale(_max + 0.5 * _multipleOf);

    internal override object At(double unit)
    {
        double place = Low + unit * (High - Low);
        double value = _logBase ? Math.Exp(place) : place;
        return Math.Clamp((int)Math.Round(value / _multipleOf) * _multipleOf, _min, _max);
    }

    internal override double UnitOf(object value) => value is int number && number >= _min && number <= _max
        ? (Scale(number) - Low) / (High - Low)
        : throw new ArgumentException($"The value {value} is not {this}.", nameof(value));

    internal override IReadOnlyList<object> Grid(int steps)
    {
        double from = Scale(_min), to = Scale(_max);
        return [.. Enumerable.Range(0, steps).Select(i =>
        {
            double place = from + (to - from) * i / Math.Max(1, steps - 1);
            return (object)((int)Math.Round((_logBase ? Math.Exp(place) : place) / _multipleOf) * _multipleOf);
        }).Distinct()];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{_min} to {_max}{(_multipleOf > 1 ? $" in multiples of {_multipleOf}" : "")}{(_logBase ? ", logarithmic" : "")}";

    private double Scale(double value) => _logBase ? Math.Log(value) : value;
}
