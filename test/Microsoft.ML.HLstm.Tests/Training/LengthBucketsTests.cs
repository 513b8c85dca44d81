using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class LengthBucketsTests
{
    private static readonly long[] _lengths = [.. Enumerable.Range(0, 1000).Select(row => row * 7919L % 101)];

    [TestMethod]
    public void Sorted_batches_hold_every_row_once_the_shortest_first()
    {
        List<int[]> batches = LengthBuckets.Sorted(_lengths.Length, 16, row => _lengths[row]);

        int[] rows = [.. batches.SelectMany(batch => batch)];
        CollectionAssert.AreEqual(Enumerable.Range(0, _lengths.Length).ToArray(), rows.Order().ToArray());
        Assert.IsTrue(rows.Zip(rows.Skip(1)).All(pair => _lengths[pair.First] <= _lengths[pair.Second]));
        Assert.IsTrue(batches.SkipLast(1).All(batch => batch.Length == 16));
    }

    [TestMethod]
    public void Shuffled_batches_hold_every_row_once_with_lengths_mixed_between_batches_and_alike_inside()
    {
        List<int[]> batches = LengthBuckets.Batches(_lengths.Length, 16, row => _lengths[row], new Random(1));

        CollectionAssert.AreEqual(Enumerable.Range(0, _lengths.Length).ToArray(), batches.SelectMany(batch => batch).Order().ToArray());
        Assert.IsTrue(batches.All(batch => batch.Max(row => _lengths[row]) - batch.Min(row => _lengths[row]) <= 3));
        Assert.IsFalse(batches.Zip(batches.Skip(1)).All(pair => _lengths[pair.First[0]] <= _lengths[pair.Second[0]]));
    }
}
