using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Two rows of a matrix times one vector, or times five: what a beam usually has.</summary>
internal static class RowDots<TVector, TSimd>
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    /// <summary>Vectors that <see cref="Five"/> takes.</summary>
    public const int Vectors = 5;

    /// <summary>Writes <c>first . x</c> and <c>second . x</c> one after the other.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void One(ref float first, ref float second, ref float x, int columns, Span<float> sums)
    {
        TVector a = default, b = default;
        int column = 0;
        for (; column <= columns - TSimd.Count; column += TSimd.Count)
        {
            TVector value = TSimd.Load(ref x, (nuint)column);
            a = TSimd.MultiplyAdd(TSimd.Load(ref first, (nuint)column), value, a);
            b = TSimd.MultiplyAdd(TSimd.Load(ref second, (nuint)column), value, b);
        }

        (sums[0], sums[1]) = (TSimd.Sum(a), TSimd.Sum(b));
        AddRest(ref first, ref second, ref x, column, columns, sums);
    }

    /// <summary>The same for five vectors, each <paramref name="stride"/> after the one before; two sums a vector.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Five(ref float first, ref float second, ref float x, int stride, int columns, Span<float> sums)
    {
        TVector a0 = default, a1 = default, a2 = default, a3 = default, a4 = default;
        TVector b0 = default, b1 = default, b2 = default, b3 = default, b4 = default;
        ref float x1 = ref Unsafe.Add(ref x, stride);
        ref float x2 = ref Unsafe.Add(ref x1, stride);
        ref float x3 = ref Unsafe.Add(ref x2, stride);
        ref float x4 = ref Unsafe.Add(ref x3, stride);
        int column = 0;
        for (; column <= columns - TSimd.Count; column += TSimd.Count)
        {
            nuint at = (nuint)column;
            TVector a = TSimd.Load(ref first, at), b = TSimd.Load(ref second, at);
            TVector value = TSimd.Load(ref x, at);
            a0 = TSimd.MultiplyAdd(a, value, a0);
            b0 = TSimd.MultiplyAdd(b, value, b0);
            value = TSimd.Load(ref x1, at);
            a1 = TSimd.MultiplyAdd(a, value, a1);
            b1 = TSimd.MultiplyAdd(b, value, b1);
            value = TSimd.Load(ref x2, at);
            a2 = TSimd.MultiplyAdd(a, value, a2);
            b2 = TSimd.MultiplyAdd(b, value, b2);
            value = TSimd.Load(ref x3, at);
            a3 = TSimd.MultiplyAdd(a, value, a3);
            b3 = TSimd.MultiplyAdd(b, value, b3);
            value = TSimd.Load(ref x4, at);
            a4 = TSimd.MultiplyAdd(a, value, a4);
            b4 = TSimd.MultiplyAdd(b, value, b4);
        }

        (sums[0], sums[1], sums[2], sums[3], sums[4]) = (TSimd.Sum(a0), TSimd.Sum(b0), TSimd.Sum(a1), TSimd.Sum(b1), TSimd.Sum(a2));
        (sums[5], sums[6], sums[7], sums[8], sums[9]) = (TSimd.Sum(b2), TSimd.Sum(a3), TSimd.Sum(b3), TSimd.Sum(a4), TSimd.Sum(b4));
        if (column == columns)
            return;
        for (int vector = 0; vector < Vectors; vector++)
            AddRest(ref first, ref second, ref Unsafe.Add(ref x, vector * stride), column, columns, sums[(2 * vector)..]);
    }

    private static void AddRest(ref float first, ref float second, ref float x, int column, int columns, Span<float> sums)
    {
        for (; column < columns; column++)
        {
            sums[0] += Unsafe.Add(ref first, column) * Unsafe.Add(ref x, column);
            sums[1] += Unsafe.Add(ref second, column) * Unsafe.Add(ref x, column);
        }
    }
}
