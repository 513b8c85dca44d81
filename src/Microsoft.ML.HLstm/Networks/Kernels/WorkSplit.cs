namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Splits work across threads into ranges. A range never decides the order of a sum, so the number of threads does not
/// change a result.
/// </summary>
internal static class WorkSplit
{
    /// <summary>What copying or adding one value costs in multiply-adds of a matrix product.</summary>
    public const int PerValue = 32;

    // Below some tens of microseconds a second thread costs more than it brings.
    private const long WorthThreads = 4_000_000;

    /// <summary>
    /// Calls <paramref name="part"/> with ranges that together are 0 to <paramref name="items"/>, each but the last a multiple
    /// of <paramref name="unit"/> long. <paramref name="work"/> is the cost of all in multiply-adds.
    /// </summary>
    public static void Run(int threads, int items, int unit, long work, Action<int, int> part)
    {
        int units = (items + unit - 1) / unit, parts = work < WorthThreads ? 1 : Math.Clamp(threads, 1, Math.Max(1, units));
        if (parts == 1)
            part(0, items);
        else
            Parallel.For(0, parts, i => part(Start(i), Math.Min(items, Start(i + 1))));

        int Start(int i) => (int)((long)units * i / parts) * unit;
    }
}
