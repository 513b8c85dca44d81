using System.Globalization;

namespace Microsoft.ML.HLstm;

/// <summary>A number between two others.</summary>
public sealed class UniformDoubleOption : OptionBase
{
    private readonly double _min;
    private readonly double _max;
    private readonly bool _logBase;

    /// <summary>The numbers from <paramref name="min"/> to <paramref name="max"/>.</summary>
    /// <param name="min">The smallest.</param>
    /// <param name="max">The largest; not below <paramref name="min"/>.</param>
    /// <param name="logBase">True when equal ratios are as far apart as each other, for rates; then <paramref name="min"/> is above 0.</param>
    /// <exception cref="ArgumentException">The ends do not fit each other, or one is not finite.</exception>
    public UniformDoubleOption(double min, double max, bool logBase = false)
    {
        if (!double.IsFinite(min) || !double.IsFinite(max) || max < min || (logBase && min <= 0))
            throw new ArgumentException($"The range is {min} to {max}; allowed is a smaller and a larger finite number, above 0 with {nameof(logBase)}.", nameof(min));
        (_min, _max, _logBase) = (min, max, logBase);
    }

    internal override int Choices => 0;

    internal override object At(double unit)
    {
        double place = Scale(_min) + unit * (Scale(_max) - Scale(_min));
        return Math.Clamp(_logBase ? Math.Exp(place) : place, _min, _max);
    }

    internal override double UnitOf(object value)
    {
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        if (!(number >= _min && number <= _max))
            throw new ArgumentException($"The value {value} is not {this}.", nameof(value));
        return _max == _min ? 0.5 : (Scale(number) - Scale(_min)) / (Scale(_max) - Scale(_min));
    }

    internal override IReadOnlyList<object> Grid(int steps) =>
        [.. Enumerable.Range(0, steps).Select(i => At(steps == 1 ? 0.5 : (double)i / (steps - 1))).Distinct()];

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_min:R} to {_max:R}{(_logBase ? ", logarithmic" : "")}");

    private double Scale(double value) => _logBase ? Math.Log(value) : value;
}
