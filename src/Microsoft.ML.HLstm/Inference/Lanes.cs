using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Several vectors side by side, one a lane: element r of lane l lies at <c>r * lanes + l</c>. One lane is a plain vector;
/// more come in numbers that vectors of the processor divide into.
/// </summary>
internal static class Lanes
{
    /// <summary>Most lanes of a block: its activations stay in the cache while all weights are read.</summary>
    public const int Most = 64;

    private const int Wide = 16;

    /// <summary>The lanes of a block that has to hold <paramref name="count"/> vectors: 1, 8 or a multiple of 16.</summary>
    public static int For(int count) => count switch
    {
        1 => 1,
        <= PackedMatrix.LaneMultiple => PackedMatrix.LaneMultiple,
        _ => Math.Min(Most, (count + Wide - 1) / Wide * Wide),
    };

    /// <summary>Adds the products of all lanes.</summary>
    public static void MultiplyAdd(this PackedMatrix matrix, ReadOnlySpan<float> x, Span<float> y, int lanes)
    {
        if (lanes == 1)
            matrix.MultiplyAdd(x, y);
        else
            matrix.MultiplyAddLanes(x, y, lanes);
    }

    /// <summary>Writes one vector into every lane.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Repeat(ReadOnlySpan<float> vector, Span<float> to, int lanes)
    {
        if (lanes == 1)
        {
            vector.CopyTo(to);
            return;
        }

        // Written out: Fill is a call for each row, which costs several times what the stores do.
        ArgumentOutOfRangeException.ThrowIfLessThan(to.Length, vector.Length * lanes);
        ref float target = ref MemoryMarshal.GetReference(to);
        for (int row = 0; row < vector.Length; row++, target = ref Unsafe.Add(ref target, lanes))
        {
            Vector256<float> value = Vector256.Create(vector[row]);
            int lane = 0;
            for (; lane <= lanes - Vector256<float>.Count; lane += Vector256<float>.Count)
                value.StoreUnsafe(ref target, (nuint)lane);
            for (; lane < lanes; lane++)
                Unsafe.Add(ref target, lane) = vector[row];
        }
    }

    /// <summary>Writes one vector into one lane.</summary>
    public static void Put(ReadOnlySpan<float> vector, Span<float> to, int lanes, int lane)
    {
        if (lanes == 1)
        {
            vector.CopyTo(to);
            return;
        }

        for (int row = 0; row < vector.Length; row++)
            to[(row * lanes) + lane] = vector[row];
    }

    /// <summary>Reads one vector from one lane.</summary>
    public static void Take(ReadOnlySpan<float> from, int lanes, int lane, Span<float> vector)
    {
        if (lanes == 1)
        {
            from.CopyTo(vector);
            return;
        }

        for (int row = 0; row < vector.Length; row++)
            vector[row] = from[(row * lanes) + lane];
    }

    /// <summary>Writes vectors that lie behind each other into the first lanes.</summary>
    /// <param name="vectors">[<paramref name="count"/>, width].</param>
    /// <param name="count">From 1 to <paramref name="lanes"/>.</param>
    /// <param name="to">At least [width, <paramref name="lanes"/>]; what is in other lanes stays.</param>
    /// <param name="lanes">Of <paramref name="to"/>.</param>
    public static void PutAll(ReadOnlySpan<float> vectors, int count, Span<float> to, int lanes)
    {
        int width = vectors.Length / count;
        Transpose(vectors, width, count, width, to[..(width * lanes)], lanes);
    }

    /// <summary>Reads vectors from the first lanes.</summary>
    /// <param name="from">At least [width, <paramref name="lanes"/>].</param>
    /// <param name="lanes">Of <paramref name="from"/>.</param>
    /// <param name="vectors">Where they go, the first value of each <paramref name="stride"/> after that of the one before.</param>
    /// <param name="stride">At least <paramref name="width"/>.</param>
    /// <param name="count">From 1 to <paramref name="lanes"/>.</param>
    /// <param name="width">Values of a vector.</param>
    public static void TakeAll(ReadOnlySpan<float> from, int lanes, Span<float> vectors, int stride, int count, int width) =>
        Transpose(from[..(width * lanes)], lanes, width, count, vectors[..(((count - 1) * stride) + width)], stride);

    private static unsafe void Transpose(ReadOnlySpan<float> from, int fromStride, int rows, int columns, Span<float> to, int toStride)
    {
        fixed (float* source = from, target = to)
            Transposition.Run(source, fromStride, rows, columns, target, toStride, accumulate: false);
    }

    /// <summary>Aligned working memory of some length, made larger where it has to be; what was in it is lost then.</summary>
    public static Span<float> Reserve(ref AlignedArray<float> array, int length)
    {
        if (array.Length < length)
            array = new AlignedArray<float>(length);
        return array.Span[..length];
    }

    /// <summary>Makes an array of working memory larger where it has to be; what was in it is lost.</summary>
    public static void Reserve<T>([NotNull] ref T[]? array, long length)
    {
        if (array is null || array.Length < length)
            array = new T[checked((int)length)];
    }
}
