using System.Diagnostics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>How long products with matrices take on this machine, by the kernels that score.</summary>
internal static class LatencyProbe
{
    /// <summary>Enough turns to outlast another process that takes the core for a while.</summary>
    private const int Turns = 75;

    /// <summary>Compilation in tiers waits for a tenth of a second without new methods.</summary>
    private const double WarmUpSeconds = 0.15, TurnSeconds = 0.001;

    /// <summary>
    /// The median seconds of one product of a vector with each matrix of a candidate, one after the other, as a scoring step
    /// does them. Candidates take turns, so that whatever else the machine does slows all of them down.
    /// </summary>
    /// <param name="candidates">For each candidate its matrices; what counts is which of their weights are zero.</param>
    public static double[] Measure(IReadOnlyList<IReadOnlyList<WeightMatrix>> candidates)
    {
        PackedMatrix[][] packed = [.. candidates.Select(matrices => matrices.Select(matrix => PackedMatrix.Pack(matrix)).ToArray())];
        float[] x = new float[packed.SelectMany(matrices => matrices).Select(matrix => matrix.Columns).DefaultIfEmpty().Max()];
        float[] y = new float[packed.SelectMany(matrices => matrices).Select(matrix => matrix.Rows).DefaultIfEmpty().Max()];
        int[] repeats = [.. packed.Select(matrices => Repeats(matrices, x, y))];
        double[][] seconds = [.. packed.Select(_ => new double[Turns])];
        for (int turn = 0; turn < Turns; turn++)
        {
            for (int candidate = 0; candidate < packed.Length; candidate++)
                seconds[candidate][turn] = Time(packed[candidate], x, y, repeats[candidate]);
        }

        return [.. seconds.Select(times => times.Order().ElementAt(Turns / 2))];
    }

    /// <summary>Lets the kernels be compiled, and finds how many products make a turn that the clock can tell.</summary>
    private static int Repeats(PackedMatrix[] matrices, float[] x, float[] y)
    {
        int done = 0;
        var watch = Stopwatch.StartNew();
        for (; done == 0 || watch.Elapsed.TotalSeconds < WarmUpSeconds; done++)
            Multiply(matrices, x, y);
        return Math.Max(1, (int)(done * TurnSeconds / watch.Elapsed.TotalSeconds));
    }

    private static double Time(PackedMatrix[] matrices, float[] x, float[] y, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
            Multiply(matrices, x, y);
        return Stopwatch.GetElapsedTime(start).TotalSeconds / repeats;
    }

    private static void Multiply(PackedMatrix[] matrices, float[] x, float[] y)
    {
        foreach (PackedMatrix matrix in matrices)
            matrix.MultiplyAdd(x.AsSpan(0, matrix.Columns), y.AsSpan(0, matrix.Rows));
    }
}
