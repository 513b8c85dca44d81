namespace Microsoft.ML.HLstm.Training;

/// <summary>Masks in one bit a connection.</summary>
internal static class MaskBits
{
    /// <summary>Bytes of so many connections.</summary>
    public static int Size(int connections) => (connections + 7) / 8;

    /// <summary>A mask of 1 and 0 as bits, the lowest first.</summary>
    public static byte[] Pack(ReadOnlySpan<float> mask)
    {
        byte[] bits = new byte[Size(mask.Length)];
        for (int i = 0; i < mask.Length; i++)
            bits[i >> 3] |= (byte)(mask[i] != 0 ? 1 << (i & 7) : 0);
        return bits;
    }

    /// <summary>A mask as bits, the lowest first.</summary>
    public static byte[] Pack(ReadOnlySpan<bool> mask)
    {
        byte[] bits = new byte[Size(mask.Length)];
        for (int i = 0; i < mask.Length; i++)
            bits[i >> 3] |= (byte)(mask[i] ? 1 << (i & 7) : 0);
        return bits;
    }

    /// <summary>The mask that was packed.</summary>
    /// <exception cref="InvalidDataException">There are not enough bits.</exception>
    public static bool[] Unpack(ReadOnlySpan<byte> bits, int connections)
    {
        if (bits.Length != Size(connections))
            throw new InvalidDataException($"A mask of {connections} connections has {bits.Length} bytes; {Size(connections)} are needed.");
        bool[] mask = new bool[connections];
        for (int i = 0; i < connections; i++)
            mask[i] = (bits[i >> 3] >> (i & 7) & 1) != 0;
        return mask;
    }
}
