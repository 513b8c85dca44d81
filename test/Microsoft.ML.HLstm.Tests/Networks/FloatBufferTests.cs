using Microsoft.ML.HLstm.Networks.Kernels;

namespace Microsoft.ML.HLstm.Tests.Networks;

/// <summary>The pool of native memory.</summary>
[TestClass]
[DoNotParallelize]
public class FloatBufferTests
{
    [TestMethod]
    public void Batches_of_many_lengths_need_no_more_memory_than_the_largest()
    {
        FloatBuffer.Trim();
        long before = FloatBuffer.AllocatedBytes;
        const int Buffers = 5;
        const long Longest = 1_000_000;
        for (long length = 20_000; length <= Longest; length += 70_000)
            RentTogether(Buffers, length);
        RentTogether(Buffers, Longest);
        RentTogether(Buffers, 300_000);

        long used = FloatBuffer.AllocatedBytes - before;

        Assert.IsLessThanOrEqualTo(Buffers * Longest * sizeof(float) * 5 / 4, used);
        Assert.IsGreaterThanOrEqualTo(Buffers * Longest * sizeof(float), used);
        FloatBuffer.Trim();
        Assert.AreEqual(before, FloatBuffer.AllocatedBytes);
    }

    [TestMethod]
    public unsafe void Buffers_that_are_rented_at_the_same_time_do_not_overlap()
    {
        FloatBuffer[] buffers = [.. Enumerable.Range(0, 50).Select(i => FloatBuffer.Rent(100 + 37 * i))];
        for (int i = 0; i < buffers.Length; i++)
            new Span<float>(buffers[i].Pointer, 100 + 37 * i).Fill(i);
        for (int i = 0; i < buffers.Length; i++)
            Assert.AreEqual(-1, new Span<float>(buffers[i].Pointer, 100 + 37 * i).IndexOfAnyExcept((float)i));
        foreach (FloatBuffer buffer in buffers)
            buffer.Dispose();
    }

    private static void RentTogether(int count, long length)
    {
        FloatBuffer[] buffers = [.. Enumerable.Range(0, count).Select(_ => FloatBuffer.Rent(length))];
        foreach (FloatBuffer buffer in buffers)
            buffer.Dispose();
    }
}
