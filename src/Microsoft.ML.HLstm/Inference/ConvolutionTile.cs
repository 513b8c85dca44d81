using System.Runtime.CompilerServices;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The innermost part of a convolution: 8 channels at as many consecutive steps as a register has lanes. Where an input stands
/// relative to its step is the same for every step, so that nothing is copied into columns first.
/// </summary>
internal static class ConvolutionTile<TVector, TSimd>
    where TVector : struct
    where TSimd : ISimd<TVector>
{
    /// <summary>Writes <c>bias[r] + sum_k weights[k, r] input[offsets[k] + step]</c> to row r of the output for every step.</summary>
    /// <param name="input">What the first step reads at offset 0.</param>
    /// <param name="offsets">[<paramref name="count"/>].</param>
    /// <param name="weights">[<paramref name="count"/>, 8].</param>
    /// <param name="count">Connections of a channel.</param>
    /// <param name="bias">[8].</param>
    /// <param name="output">Row r begins at <c>r * stride</c>.</param>
    /// <param name="steps">A multiple of the lanes.</param>
    /// <param name="stride">At least <paramref name="steps"/>.</param>
    /// <param name="rows">Channels, at most 8.</param>
    public static void Run(ref float input, ref int offsets, ref float weights, int count, ref float bias, ref float output, int steps, int stride, int rows)
    {
        for (int step = 0; step < steps; step += TSimd.Count)
            Steps(ref Unsafe.Add(ref input, step), ref offsets, ref weights, count, ref bias, ref Unsafe.Add(ref output, step), stride, rows);
    }

    [MethodImpl(Compiled.AtOnce)]
    private static void Steps(ref float input, ref int offsets, ref float weights, int count, ref float bias, ref float output, int stride, int rows)
    {
        TVector sum0 = TSimd.Broadcast(bias), sum1 = TSimd.Broadcast(Unsafe.Add(ref bias, 1));
        TVector sum2 = TSimd.Broadcast(Unsafe.Add(ref bias, 2)), sum3 = TSimd.Broadcast(Unsafe.Add(ref bias, 3));
        TVector sum4 = TSimd.Broadcast(Unsafe.Add(ref bias, 4)), sum5 = TSimd.Broadcast(Unsafe.Add(ref bias, 5));
        TVector sum6 = TSimd.Broadcast(Unsafe.Add(ref bias, 6)), sum7 = TSimd.Broadcast(Unsafe.Add(ref bias, 7));
        for (int index = 0; index < count; index++)
        {
            TVector value = TSimd.Load(ref input, (nuint)(uint)Unsafe.Add(ref offsets, index));
            ref float column = ref Unsafe.Add(ref weights, index * PackedConvolution.TileChannels);
            sum0 = TSimd.MultiplyAdd(TSimd.Broadcast(column), value, sum0);
            sum1 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 1)), value, sum1);
            sum2 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 2)), value, sum2);
            sum3 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 3)), value, sum3);
            sum4 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 4)), value, sum4);
            sum5 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 5)), value, sum5);
            sum6 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 6)), value, sum6);
            sum7 = TSimd.MultiplyAdd(TSimd.Broadcast(Unsafe.Add(ref column, 7)), value, sum7);
        }

        Store(sum0, ref output, stride, 0, rows);
        Store(sum1, ref output, stride, 1, rows);
        Store(sum2, ref output, stride, 2, rows);
        Store(sum3, ref output, stride, 3, rows);
        Store(sum4, ref output, stride, 4, rows);
        Store(sum5, ref output, stride, 5, rows);
        Store(sum6, ref output, stride, 6, rows);
        Store(sum7, ref output, stride, 7, rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVector sum, ref float output, int stride, int row, int rows)
    {
        if (row < rows)
            TSimd.Store(sum, ref output, (nuint)(uint)row * (nuint)(uint)stride);
    }
}
