namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>The median of several numbers, with their quartiles.</summary>
internal sealed record Ratio(double Median, double LowerQuartile, double UpperQuartile)
{
    public static Ratio Of(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return new Ratio(sorted[sorted.Length / 2], sorted[sorted.Length / 4], sorted[sorted.Length - 1 - (sorted.Length / 4)]);
    }
}
