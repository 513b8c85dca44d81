using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Arithmetic of products on numbers that never leave the registers: what no kernel with 512-bit vectors can be faster than.</summary>
internal static class RegisterLoops
{
    /// <summary>Vectors that the loops go through in one round.</summary>
    public const int Chains = 8;

    /// <summary>A multiply-add for each vector.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> MultiplyAdd(int rounds)
    {
        var factor = Vector512.Create(0.5f);
        Vector512<float> sum0 = default, sum1 = default, sum2 = default, sum3 = default, sum4 = default, sum5 = default, sum6 = default, sum7 = default;
        for (int round = 0; round < rounds; round++)
        {
            sum0 = Vector512.FusedMultiplyAdd(sum0, factor, factor);
            sum1 = Vector512.FusedMultiplyAdd(sum1, factor, factor);
            sum2 = Vector512.FusedMultiplyAdd(sum2, factor, factor);
            sum3 = Vector512.FusedMultiplyAdd(sum3, factor, factor);
            sum4 = Vector512.FusedMultiplyAdd(sum4, factor, factor);
            sum5 = Vector512.FusedMultiplyAdd(sum5, factor, factor);
            sum6 = Vector512.FusedMultiplyAdd(sum6, factor, factor);
            sum7 = Vector512.FusedMultiplyAdd(sum7, factor, factor);
        }

        return sum0 + sum1 + sum2 + sum3 + (sum4 + sum5 + sum6 + sum7);
    }

    /// <summary>A permutation of two registers and a multiply-add for each vector, as slots of unstructured masks take them.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector512<float> PermuteMultiplyAdd(int rounds)
    {
        var factor = Vector512.Create(0.5f);
        Vector512<int> indices = Vector512<int>.Indices * Vector512.Create(17);
        Vector512<float> sum0 = factor, sum1 = factor, sum2 = factor, sum3 = factor, sum4 = factor, sum5 = factor, sum6 = factor, sum7 = factor;
        for (int round = 0; round < rounds; round++)
        {
            sum0 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum0, indices, factor), factor, factor);
            sum1 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum1, indices, factor), factor, factor);
            sum2 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum2, indices, factor), factor, factor);
            sum3 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum3, indices, factor), factor, factor);
            sum4 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum4, indices, factor), factor, factor);
            sum5 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum5, indices, factor), factor, factor);
            sum6 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum6, indices, factor), factor, factor);
            sum7 = Vector512.FusedMultiplyAdd(Avx512F.PermuteVar16x32x2(sum7, indices, factor), factor, factor);
        }

        return sum0 + sum1 + sum2 + sum3 + (sum4 + sum5 + sum6 + sum7);
    }
}
