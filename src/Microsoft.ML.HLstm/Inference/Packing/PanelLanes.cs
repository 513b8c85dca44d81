using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>A panel of 16 rows times as many vectors side by side as a register has lanes: tiles of 8 rows in registers.</summary>
internal static class PanelLanes<TVector, TSimd>
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    private const int TileRows = 8;

    /// <summary>Adds <c>sum_k weights[k, r] x[columns[k] * stride + lane]</c> to row r of <paramref name="y"/> for every lane.</summary>
    public static void MultiplyAdd(ref float x, int stride, ref int columns, ref float weights, int count, ref float y, int rows)
    {
        for (int row = 0; row < rows; row += TileRows)
            Tile(ref x, stride, ref columns, ref Unsafe.Add(ref weights, row), count, ref Unsafe.Add(ref y, row * stride), rows - row);
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void Tile(ref float x, int stride, ref int columns, ref float weights, int count, ref float y, int rows)
    {
        TVector sum0 = default, sum1 = default, sum2 = default, sum3 = default;
        TVector sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int index = 0; index < count; index++)
        {
            TVector value = TSimd.Load(ref x, (nuint)(uint)Unsafe.Add(ref columns, index) * (nuint)(uint)stride);
            ref float column = ref Unsafe.Add(ref weights, index * PanelPlan.Rows);
            sum0 = TSimd.MultiplyAdd(TSimd.Broadcast(column), value, sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 1)), value, sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 2)), value, sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 3)), value, sum3);
            sum4 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 4)), value, sum4);
            sum5 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 5)), value, sum5);
            sum6 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 6)), value, sum6);
            sum7 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 7)), value, sum7);
        }

        Add(sum0, ref y, stride, 0, rows);
        Add(sum1, ref y, stride, 1, rows);
        Add(sum2, ref y, stride, 2, rows);
        Add(sum3, ref y, stride, 3, rows);
        Add(sum4, ref y, stride, 4, rows);
        Add(sum5, ref y, stride, 5, rows);
        Add(sum6, ref y, stride, 6, rows);
        Add(sum7, ref y, stride, 7, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(TVector sum, ref float y, int stride, int row, int rows)
    {
        if (row < rows)
            TSimd.Store(TSimd.Add(sum, TSimd.Load(ref y, (nuint)(row * stride))), ref y, (nuint)(row * stride));
    }
}
