namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// A density over a search space: a mixture with one kernel around each of some points, and one that is even over the whole
/// space. Where a point has no value for an option, because its condition does not hold, its kernel is even there.
/// </summary>
internal sealed class ParzenEstimator
{
    private readonly SearchSpace _space;
    private readonly Dictionary<string, double>[] _points;
    private readonly double _width;

    /// <summary>A density around points of the space.</summary>
    public ParzenEstimator(SearchSpace space, IEnumerable<ParameterSet> points)
    {
        _space = space;
        _points = [.. points.Select(point => space.Where(entry => point.Contains(entry.Key))
            .ToDictionary(entry => entry.Key, entry => entry.Value.UnitOf(point.Find(entry.Key)!)))];
        // Scott's rule on the unit interval: the more points, the narrower.
        _width = Math.Clamp(0.3 * Math.Pow(Math.Max(1, _points.Length), -1.0 / (space.Count + 4)), 0.05, 0.5);
    }

    /// <summary>Draws a point.</summary>
    public ParameterSet Sample(Random random)
    {
        int component = random.Next(_points.Length + 1);
        return _space.Choose((name, option) => component < _points.Length && _points[component].TryGetValue(name, out double center)
            ? Sample(option, center, random)
            : option.At(random.NextDouble()));
    }

    /// <summary>The logarithm of the density at a point, up to a constant that is the same for all of the space's densities.</summary>
    public double LogDensity(ParameterSet point)
    {
        double sum = 1;
        foreach (Dictionary<string, double> center in _points)
        {
            double product = 1;
            foreach ((string name, OptionBase option) in _space)
            {
                if (point.Find(name) is { } value && center.TryGetValue(name, out double at))
                    product *= Kernel(option, option.UnitOf(value), at);
            }

            sum += product;
        }

        return Math.Log(sum / (_points.Length + 1));
    }

    private object Sample(OptionBase option, double center, Random random)
    {
        if (option.Choices > 0)
            return option.At(random.NextDouble() < Same(option.Choices) ? center : random.NextDouble());
        while (true)
        {
            double unit = center + _width * TrialRandom.Normal(random);
            if (unit is >= 0 and <= 1)
                return option.At(unit);
        }
    }

    /// <summary>The density of a value relative to the even one.</summary>
    private double Kernel(OptionBase option, double unit, double center)
    {
        if (option.Choices > 0)
            return (1 - Same(option.Choices)) + (Math.Abs(unit - center) < 1e-9 ? Same(option.Choices) * option.Choices : 0);
        double z = (unit - center) / _width;
        double inside = NormalCdf((1 - center) / _width) - NormalCdf(-center / _width);
        return Math.Exp(-0.5 * z * z) / (_width * Math.Sqrt(2 * Math.PI) * inside);
    }

    /// <summary>The share of draws that stay at the choice of the point.</summary>
    private double Same(int choices) => choices == 1 ? 1 : 1 - _width;

    /// <summary>The standard normal distribution (M. Abramowitz, I. Stegun, 7.1.26; error below 1e-7).</summary>
    private static double NormalCdf(double x)
    {
        double t = 1 / (1 + 0.3275911 * Math.Abs(x) / Math.Sqrt(2));
        double erf = 1 - t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.Exp(-x * x / 2);
        return 0.5 * (1 + Math.Sign(x) * erf);
    }
}
