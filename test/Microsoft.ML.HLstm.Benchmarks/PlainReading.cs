using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Memory that is read and nothing else: what a product of so many bytes of weights cannot be faster than.</summary>
internal static class PlainReading
{
    /// <summary>The bits of four vectors at a time: nothing waits for anything but memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector<float> Read(float[] memory)
    {
        Vector<float> bits0 = default, bits1 = default, bits2 = default, bits3 = default;
        for (int index = 0; index <= memory.Length - (4 * Vector<float>.Count); index += 4 * Vector<float>.Count)
        {
            ref float four = ref memory[index];
            bits0 |= Vector.LoadUnsafe(ref four);
            bits1 |= Vector.LoadUnsafe(ref four, (nuint)Vector<float>.Count);
            bits2 |= Vector.LoadUnsafe(ref four, (nuint)(2 * Vector<float>.Count));
            bits3 |= Vector.LoadUnsafe(ref four, (nuint)(3 * Vector<float>.Count));
        }

        return bits0 | bits1 | bits2 | bits3;
    }
}
