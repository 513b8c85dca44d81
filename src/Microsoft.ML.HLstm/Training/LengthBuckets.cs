namespace Microsoft.ML.HLstm.Training;

/// <summary>Batches of rows of similar length, in an order that changes from epoch to epoch.</summary>
internal static class LengthBuckets
{
    private const int BatchesInPool = 100;

    /// <summary>
    /// All rows once, shuffled; within pools of 100 batches sorted by length, so that a batch has little padding; and
    /// the batches shuffled again, so that lengths come mixed.
    /// </summary>
    public static List<int[]> Batches(int rows, int batchSize, Func<int, long> length, Random random)
    {
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++)
            order[i] = i;
        random.Shuffle(order);
        var batches = new List<int[]>();
        foreach (int[] pool in order.Chunk((int)Math.Min(Array.MaxLength, (long)batchSize * BatchesInPool)))
        {
            // A stable sort: the same seed gives the same batches on every machine.
            batches.AddRange(pool.OrderBy(length).Chunk(batchSize));
        }

        int[][] shuffled = [.. batches];
        random.Shuffle(shuffled);
        return [.. shuffled];
    }

    /// <summary>All rows once, the shortest first.</summary>
    public static List<int[]> Sorted(int rows, int batchSize, Func<int, long> length) =>
        [.. Enumerable.Range(0, rows).OrderBy(length).Chunk(batchSize)];
}
