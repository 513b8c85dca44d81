namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Counts what code allocates on this thread.</summary>
internal static class Allocation
{
    /// <summary>
    /// The bytes of one call: the fewest of several, because compiling a method again and collections that other tests cause add to
    /// some of them. What the code itself allocates is in each.
    /// </summary>
    public static long Of(Action action)
    {
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
