using System.Numerics;
using System.Runtime.CompilerServices;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Positions of active connections in few bits: the number of zeros before each one, in row-major order across row ends,
/// as a Rice code (<c>gap >> k</c> ones, a zero, then the k low bits of the gap; lowest bit of each byte first).
/// For connections without a pattern this is within a few percent of the entropy: 5.5 bits each at 6 % density.
/// </summary>
internal static class GapCode
{
    /// <summary>Largest k.</summary>
    public const int MaximumParameter = 30;

    /// <summary>The k that suits <paramref name="active"/> connections among <paramref name="positions"/>.</summary>
    public static int Parameter(long positions, long active) =>
        active == 0 ? 0 : Math.Clamp(BitOperations.Log2((ulong)Math.Max(1, 0.69 * (positions - active) / active)), 0, MaximumParameter);

    /// <summary>Bytes that <see cref="Encode"/> gives.</summary>
    public static long EncodedSize(ReadOnlySpan<int> positions, int parameter)
    {
        long bits = 0;
        int last = -1;
        foreach (int position in positions)
        {
            bits += ((position - last - 1) >> parameter) + 1 + parameter;
            last = position;
        }

        return (bits + 7) / 8;
    }

    /// <summary>Writes the gaps before ascending positions.</summary>
    public static byte[] Encode(ReadOnlySpan<int> positions, int parameter)
    {
        byte[] code = new byte[EncodedSize(positions, parameter)];
        long bit = 0;
        int last = -1;
        foreach (int position in positions)
        {
            int gap = position - last - 1;
            last = position;
            for (int ones = gap >> parameter; ones > 0; ones--)
                Set(code, bit++);
            bit++;
            for (int low = 0; low < parameter; low++, bit++)
            {
                if ((gap >> low & 1) != 0)
                    Set(code, bit);
            }
        }

        return code;
    }

    /// <summary>Reads one position for each element of <paramref name="positions"/>.</summary>
    /// <returns>False where the code is damaged: it ends early, leaves bits over or points to <paramref name="limit"/> or beyond.</returns>
    [MethodImpl(Compiled.AtOnce)]
    public static bool TryDecode(ReadOnlySpan<byte> code, int parameter, long limit, Span<int> positions)
    {
        long bits = code.Length * 8L;
        long bit = 0;
        long position = -1;
        for (int index = 0; index < positions.Length; index++)
        {
            long gap = 0;
            while (bit < bits && Get(code, bit))
            {
                gap++;
                bit++;
            }

            bit++;
            if (bit + parameter > bits)
                return false;
            gap <<= parameter;
            for (int low = 0; low < parameter; low++, bit++)
                gap |= Get(code, bit) ? 1L << low : 0;
            position += gap + 1;
            if (position >= limit)
                return false;
            positions[index] = (int)position;
        }

        if ((bit + 7) / 8 != code.Length)
            return false;
        for (; bit < bits; bit++)
        {
            if (Get(code, bit))
                return false;
        }

        return true;
    }

    private static void Set(byte[] code, long bit) => code[bit >> 3] |= (byte)(1 << (int)(bit & 7));

    private static bool Get(ReadOnlySpan<byte> code, long bit) => (code[(int)(bit >> 3)] >> (int)(bit & 7) & 1) != 0;
}
