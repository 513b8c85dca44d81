using System.Globalization;

namespace Microsoft.ML.HLstm.Benchmarks.Tuners;

/// <summary>
/// The front that tuners find on the recorded trials. Random search without repetition, which is the better one on a table, has
/// all its trials; the tuner that learns has half.
/// </summary>
internal static class TunerComparison
{
    public const int Seeds = 5;

    /// <summary>For each seed the share of the hypervolume: random search at all trials and the learning tuner at half of them.</summary>
    public static (double Random, double Learning)[] Run(RecordedTrials table, int trials) =>
        [.. Enumerable.Range(1, Seeds).Select(seed => (
            table.Run(new GridTuner(table.Space, seed: seed), trials)[^1],
            table.Run(new TreeParzenTuner(table.Space, seed), trials / 2)[^1]))];

    public static void Run(TextWriter output, string path)
    {
        var table = new RecordedTrials(path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{table.Count} recorded trials; share of the hypervolume of their front"));
        output.WriteLine("trials   random (seeds 1 to 5)                  mean | half   learning (seeds 1 to 5)                mean");
        foreach (int trials in (int[])[table.Count / 4, table.Count / 3, table.Count / 2, table.Count * 2 / 3])
        {
            (double Random, double Learning)[] shares = Run(table, trials);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{trials,6}   {Row(shares.Select(s => s.Random))} | {trials / 2,4}   {Row(shares.Select(s => s.Learning))}"));
        }
    }

    private static string Row(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("F4", CultureInfo.InvariantCulture))) + "   " + values.Average().ToString("F4", CultureInfo.InvariantCulture);
}
