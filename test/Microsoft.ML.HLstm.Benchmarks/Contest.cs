using System.Diagnostics;
using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// Times several ways of doing one thing in turns, so that a machine whose speed drifts slows all of them alike. What is
/// compared is the ratio inside each turn; its median and quartiles are reported.
/// </summary>
/// <param name="title">What the ways do.</param>
/// <param name="turns">How many times each way is timed.</param>
/// <param name="warmup">Turns before that, which are not timed.</param>
/// <param name="slice">Milliseconds that a timing lasts at least: what is shorter is repeated, as often in every turn.</param>
/// <param name="pause">
/// Milliseconds of sleep before each way: the threads of libtorch and ONNX Runtime go on looking for work for a while, on the core that the next way
/// needs. The way then runs once, so that its own threads are awake when it is timed.
/// </param>
internal sealed class Contest(string title, int turns = 15, int warmup = 2, double slice = 0, int pause = 0)
{
    private const int MostRepetitions = 10_000;
    private readonly List<(Contestant Way, bool Baseline)> _entries = [];

    /// <summary>Adds a way; the first one, and further baselines, are what all are compared with.</summary>
    public Contest Add(string name, Action run, bool baseline = false) => Add(new Contestant(name, run), baseline);

    /// <inheritdoc cref="Add(string, Action, bool)"/>
    public Contest Add(Contestant way, bool baseline = false)
    {
        _entries.Add((way, baseline || _entries.Count == 0));
        return this;
    }

    /// <summary>Runs all turns and writes a table.</summary>
    public void Run(TextWriter output) => ContestTable.Write(output, Measure());

    /// <summary>Runs all turns. Their order inside a turn changes, so that no way always follows the same other one.</summary>
    public ContestResult Measure()
    {
        CompilerWarmUp.Run(() => _entries.Where(entry => entry.Way.WarmsUp).ToList().ForEach(entry => entry.Way.Run()));
        int[] repetitions = [.. _entries.Select(entry => Repetitions(entry.Way.Run))];
        double[][] milliseconds = [.. _entries.Select(_ => new double[turns])];
        int[] order = [.. Enumerable.Range(0, _entries.Count)];
        var random = new Random(1);
        for (int turn = -warmup; turn < turns; turn++)
        {
            random.Shuffle(order);
            foreach (int entry in order)
            {
                Thread.Sleep(pause);
                double time = Time(_entries[entry].Way.Run, repetitions[entry], pause > 0);
                if (turn >= 0)
                    milliseconds[entry][turn] = time;
            }
        }

        int[] baselines = [.. order.Order().Where(entry => _entries[entry].Baseline)];
        return new ContestResult(
            title,
            [.. baselines.Select(entry => _entries[entry].Way.Name)],
            [.. _entries.Select((entry, i) => new ContestRow(
                entry.Way.Name,
                Ratio.Of(milliseconds[i]).Median,
                [.. baselines.Select(baseline => Ratio.Of([.. milliseconds[baseline].Zip(milliseconds[i], (first, own) => first / own)]))],
                entry.Way.Density,
                entry.Way.PeakMebibytes?.Invoke()))]);
    }

    /// <summary>The first run is for the compiler and the caches; the second tells how long one takes.</summary>
    private int Repetitions(Action run)
    {
        if (slice == 0)
            return 1;
        run();
        return (int)Math.Clamp(Math.Ceiling(slice / Math.Max(Time(run, 1, false), 1e-4)), 1, MostRepetitions);
    }

    private static double Time(Action run, int repetitions, bool asleep)
    {
        // What is repeated is timed with its weights in the caches, where the ways between have not left them.
        if (asleep || repetitions > 1)
            run();
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repetitions; i++)
            run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / repetitions;
    }
}
