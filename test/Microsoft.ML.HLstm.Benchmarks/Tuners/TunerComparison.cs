using System.Globalization;

namespace Microsoft.ML.HLstm.Benchmarks.Tuners;

/// <summary>
/// The front that tuners find on the recorded trials. Random search without repetition, which is the better one on a table, has
/// all its trials; the tuner that learns has half.
/// </summary>
internal static class TunerComparison
{
    public const int Seeds = 5;

    /// <summary>
    /// For each seed the share of the hypervolume: random search at all trials, the learning tuner that experiments have by
    /// default and the tree-structured Parzen estimator at half of them.
    /// </summary>
    public static (double Random, double Learning, double Parzen)[] Run(RecordedTrials table, int trials) =>
        [.. Enumerable.Range(1, Seeds).Select(seed => (
            table.Run(new GridTuner(table.Space, seed: seed), trials)[^1],
            table.Run(new GaussianProcessTuner(table.Space, seed), trials / 2)[^1],
            table.Run(new TreeParzenTuner(table.Space, seed), trials / 2)[^1]))];

    public static void Run(TextWriter output, string path)
    {
        var table = new RecordedTrials(path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Count} recorded trials; share of the hypervolume of their front, seeds 1 to {Seeds} and mean"));
        foreach (int trials in (int[])[table.Count / 3, table.Count / 2, table.Count * 2 / 3, table.Count * 5 / 6])
        {
            (double Random, double Learning, double Parzen)[] shares = Run(table, trials);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"random search, {trials,3} trials:     {Row(shares.Select(s => s.Random))}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Gaussian process, {trials / 2,3} trials: {Row(shares.Select(s => s.Learning))}"));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Parzen, {trials / 2,3} trials:           {Row(shares.Select(s => s.Parzen))}"));
        }
    }

    private static string Row(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture))) + "   " + values.Average().ToString("F4", CultureInfo.InvariantCulture);
}
