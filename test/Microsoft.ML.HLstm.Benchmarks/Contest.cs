using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Times several ways of doing one thing in turns, so that a machine whose speed drifts slows all of them alike. What is
/// compared is the ratio inside each turn; its median is reported.
/// </summary>
internal sealed class Contest(string title, int turns = 15, int warmup = 2)
{
    private readonly List<(string Name, Action Run)> _entries = [];

    /// <summary>Adds a way; the first one is what the others are compared with.</summary>
    public Contest Add(string name, Action run)
    {
        _entries.Add((name, run));
        return this;
    }

    /// <summary>Runs all turns and writes a table.</summary>
    public void Run(TextWriter output)
    {
        for (int i = 0; i < warmup; i++)
            _entries.ForEach(entry => entry.Run());
        double[][] milliseconds = [.. _entries.Select(_ => new double[turns])];
        for (int turn = 0; turn < turns; turn++)
        {
            for (int entry = 0; entry < _entries.Count; entry++)
            {
                long start = Stopwatch.GetTimestamp();
                _entries[entry].Run();
                milliseconds[entry][turn] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        }

        output.WriteLine(title);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {"",-44}{"median ms",12}{"speed, first = 1",18}{"from",8}{"to",8}"));
        for (int entry = 0; entry < _entries.Count; entry++)
        {
            double[] speeds = [.. milliseconds[0].Zip(milliseconds[entry], (first, own) => first / own).Order()];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {_entries[entry].Name,-44}{milliseconds[entry].Order().ElementAt(turns / 2),12:F2}{speeds[turns / 2],18:F2}{speeds[turns / 10],8:F2}{speeds[turns - 1 - turns / 10],8:F2}"));
        }

        output.WriteLine();
    }
}
