using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>Sums of rows of float32 values, 16 at once, and reading and writing the ends of rows that 16 does not divide.</summary>
internal static unsafe class VectorMath
{
    /// <summary>Values of a vector.</summary>
    public const int Width = 16;

    /// <summary>The next values, of which <paramref name="left"/> are there; zeros stand for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* values, int left) => left >= Width ? Vector512.Load(values) : LoadSome(values, left);

    /// <summary>Writes the next values, of which <paramref name="left"/> have a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, float* values, int left)
    {
        if (left >= Width)
            vector.Store(values);
        else
            StoreSome(vector, values, left);
    }

    /// <summary>The sum of products of two rows.</summary>
    public static float Dot(float* a, float* b, int count)
    {
        Vector512<float> sum = default;
        for (int i = 0; i < count; i += Width)
            sum = Vector512.MultiplyAddEstimate(Load(a + i, count - i), Load(b + i, count - i), sum);
        return Vector512.Sum(sum);
    }

    /// <summary>to += factor · from.</summary>
    public static void AddScaled(float* to, float* from, float factor, int count)
    {
        Vector512<float> factors = Vector512.Create(factor);
        for (int i = 0; i < count; i += Width)
            Store(Vector512.MultiplyAddEstimate(factors, Load(from + i, count - i), Load(to + i, count - i)), to + i, count - i);
    }

    /// <summary>to += Σ factors[i · factorStride] · rows[i], each row of some width, rows a stride apart.</summary>
    public static void AddWeighted(float* to, float* factors, nint factorStride, float* rows, nint stride, int count, int width)
    {
        int j = 0;
        for (; j <= width - 4 * Width; j += 4 * Width)
        {
            Vector512<float> a = Vector512.Load(to + j), b = Vector512.Load(to + j + Width);
            Vector512<float> c = Vector512.Load(to + j + 2 * Width), d = Vector512.Load(to + j + 3 * Width);
            float* row = rows + j;
            for (int i = 0; i < count; i++, row += stride)
            {
                Vector512<float> factor = Vector512.Create(factors[i * factorStride]);
                a = Vector512.MultiplyAddEstimate(factor, Vector512.Load(row), a);
                b = Vector512.MultiplyAddEstimate(factor, Vector512.Load(row + Width), b);
                c = Vector512.MultiplyAddEstimate(factor, Vector512.Load(row + 2 * Width), c);
                d = Vector512.MultiplyAddEstimate(factor, Vector512.Load(row + 3 * Width), d);
            }

            a.Store(to + j);
            b.Store(to + j + Width);
            c.Store(to + j + 2 * Width);
            d.Store(to + j + 3 * Width);
        }

        for (int i = 0; i < count && j < width; i++)
            AddScaled(to + j, rows + i * stride + j, factors[i * factorStride], width - j);
    }

    /// <summary>Writes the same row into each of some rows.</summary>
    public static void Repeat(float* row, int width, float* to, nint stride, int rows)
    {
        for (int i = 0; i < rows; i++)
            new Span<float>(row, width).CopyTo(new Span<float>(to + i * stride, width));
    }

    /// <summary>The same with several threads.</summary>
    public static void Repeat(float* row, int width, float* to, nint stride, int rows, int threads) =>
        WorkSplit.Run(threads, rows, 1, (long)rows * width * WorkSplit.PerValue, (from, end) => Repeat(row, width, to + from * stride, stride, end - from));

    /// <summary>The sum (N) over the rows of (M, N), a stride apart.</summary>
    public static void SumRows(float* values, nint stride, int rows, int width, float* sums, int threads)
    {
        new Span<float>(sums, width).Clear();
        AddRows(values, stride, rows, width, sums, threads);
    }

    /// <summary>sums (N) += the sum over the rows of (M, N), a stride apart.</summary>
    public static void AddRows(float* values, nint stride, int rows, int width, float* sums, int threads) =>
        WorkSplit.Run(threads, width, 4 * Width, (long)rows * width * WorkSplit.PerValue, (from, to) => AddColumns(values + from, stride, rows, to - from, sums + from));

    // Row by row as they stand in memory, four at once so that sums are read and written less often.
    private static void AddColumns(float* values, nint stride, int rows, int width, float* sums)
    {
        int row = 0;
        for (; row <= rows - 4; row += 4)
        {
            float* a = values + row * stride, b = a + stride, c = b + stride, d = c + stride;
            for (int j = 0; j < width; j += Width)
            {
                int left = width - j;
                Store(Load(sums + j, left) + Load(a + j, left) + Load(b + j, left) + Load(c + j, left) + Load(d + j, left), sums + j, left);
            }
        }

        for (; row < rows; row++)
            AddScaled(sums, values + row * stride, 1, width);
    }

    private static Vector512<float> LoadSome(float* values, int count)
    {
        float* padded = stackalloc float[Width];
        new Span<float>(padded, Width).Clear();
        new Span<float>(values, count).CopyTo(new Span<float>(padded, Width));
        return Vector512.Load(padded);
    }

    private static void StoreSome(Vector512<float> vector, float* values, int count)
    {
        float* all = stackalloc float[Width];
        vector.Store(all);
        new Span<float>(all, count).CopyTo(new Span<float>(values, count));
    }
}
