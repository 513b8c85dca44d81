using System.Globalization;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Writes results as text: a speed of 2 over a baseline is half its time; quartiles stand in brackets.</summary>
internal static class ContestTable
{
    private const int NameWidth = 54, DensityWidth = 10, TimeWidth = 12, SpeedWidth = 29;

    public static void Write(TextWriter output, ContestResult result)
    {
        output.WriteLine(result.Title);
        bool memory = result.Rows.Any(row => row.PeakMebibytes is not null);
        bool density = result.Rows.Any(row => row.Density is not null);
        string baselines = string.Concat(result.Baselines.Select(name => $"x {name}".PadLeft(SpeedWidth)));
        output.WriteLine($"  {"",-NameWidth}{(density ? "active %" : ""),DensityWidth}{"median us",TimeWidth}{baselines}{(memory ? "peak MiB" : ""),TimeWidth}".TrimEnd());
        foreach (ContestRow row in result.Rows)
        {
            string speeds = string.Concat(row.SpeedOver.Select(speed => Text(speed).PadLeft(SpeedWidth)));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {row.Name,-NameWidth}{100 * row.Density,DensityWidth:F1}{1000 * row.MedianMilliseconds,TimeWidth:F1}{speeds}{row.PeakMebibytes,TimeWidth:F0}").TrimEnd());
        }

        output.WriteLine();
    }

    private static string Text(Ratio speed) =>
        string.Create(CultureInfo.InvariantCulture, $"{speed.Median:F2} ({speed.LowerQuartile:F2}-{speed.UpperQuartile:F2})");
}
