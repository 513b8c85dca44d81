using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Reads what <see cref="MatrixWriter"/> wrote. A matrix may not ask for more than
/// <see cref="WeightFileFormat.MaximumPositionsPerByte"/> positions for each byte of its own.
/// </summary>
internal sealed class MatrixReader(BoundedReader reader, WeightPrecision precision)
{
    private readonly int _weightSize = WeightFileFormat.SizeOf(precision);

    /// <summary>Reads a matrix.</summary>
    public WeightMatrix Read()
    {
        string name = reader.Name("The name of a matrix");
        int rows = reader.Size($"The number of rows of matrix '{name}'");
        int columns = reader.Size($"The number of columns of matrix '{name}'");
        var encoding = (MatrixEncoding)reader.Byte($"The encoding of matrix '{name}'");
        if (!Enum.IsDefined(encoding))
            reader.Fail($"The encoding of matrix '{name}' is {(byte)encoding}; {string.Join(", ", Enum.GetNames<MatrixEncoding>())} (0 to 2) are known");
        long positions = (long)rows * columns;
        switch (precision)
        {
            case WeightPrecision.Int8:
                float[] scales = RowScales(name, rows);
                sbyte[] levels = Weights<sbyte>(name, encoding, positions);
                CheckLevels(name, levels, scales);
                return new WeightMatrix(name, rows, columns, levels, scales);
            case WeightPrecision.Half:
                return new WeightMatrix(name, rows, columns, Weights<Half>(name, encoding, positions));
            default:
                return new WeightMatrix(name, rows, columns, Weights<float>(name, encoding, positions));
        }
    }

    private float[] RowScales(string name, int rows)
    {
        ReadOnlySpan<byte> bytes = reader.Take((long)rows * sizeof(float), $"The {rows} row scales of matrix '{name}'");
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            float scale = scales[row] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(row * sizeof(float))..]);
            if (!(scale >= 0) || !float.IsFinite(scale * WeightRounding.LargestLevel))
                reader.Fail($"The scale of row {row} of matrix '{name}' is {scale}; finite weights need 0 to {float.MaxValue / WeightRounding.LargestLevel}");
        }

        return scales;
    }

    private void CheckLevels(string name, sbyte[] levels, float[] scales)
    {
        for (int row = 0; row < scales.Length; row++)
        {
            int columns = levels.Length / scales.Length;
            ReadOnlySpan<sbyte> all = levels.AsSpan(row * columns, columns);
            if (scales[row] == 0f && all.ContainsAnyExcept((sbyte)0))
                reader.Fail($"The scale of row {row} of matrix '{name}' is 0; a row that has connections needs a scale above 0");
            if (all.Contains(sbyte.MinValue))
                reader.Fail($"Row {row} of matrix '{name}' has the level {sbyte.MinValue}; -{WeightRounding.LargestLevel} to {WeightRounding.LargestLevel} are allowed");
        }
    }

    /// <summary>All weights, row-major, zeros where there is no connection.</summary>
    /// <typeparam name="T">float, Half or sbyte.</typeparam>
    [MethodImpl(Compiled.AtOnce)]
    private T[] Weights<T>(string name, MatrixEncoding encoding, long positions)
        where T : unmanaged, IEquatable<T>
    {
        int[]? connections = encoding switch
        {
            MatrixEncoding.Bitmap => Bitmap(name, positions),
            MatrixEncoding.Gaps => Gaps(name, positions),
            _ => Dense(name, positions),
        };
        int stored = connections?.Length ?? (int)positions;
        ReadOnlySpan<T> values = LittleEndian<T>(reader.Take((long)stored * _weightSize, $"The {stored} weights of matrix '{name}'"));
        foreach (T weight in values)
        {
            if (!IsFinite(weight))
                reader.Fail($"Matrix '{name}' has the value {weight}; only finite numbers are allowed");
        }

        var weights = new T[positions];
        if (connections is null)
        {
            values.CopyTo(weights);
            return weights;
        }

        for (int index = 0; index < connections.Length; index++)
        {
            if (values[index].Equals(default))
                reader.Fail($"Matrix '{name}' has a connection of weight 0; connections that exist are not zero");
            weights[connections[index]] = values[index];
        }

        return weights;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsFinite<T>(T weight)
        where T : unmanaged => typeof(T) == typeof(float) ? float.IsFinite((float)(object)weight)
            : typeof(T) != typeof(Half) || Half.IsFinite((Half)(object)weight);

    private static ReadOnlySpan<T> LittleEndian<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian || Unsafe.SizeOf<T>() == 1)
            return MemoryMarshal.Cast<byte, T>(bytes);
        byte[] reversed = bytes.ToArray();
        for (int start = 0; start < reversed.Length; start += Unsafe.SizeOf<T>())
            reversed.AsSpan(start, Unsafe.SizeOf<T>()).Reverse();
        return MemoryMarshal.Cast<byte, T>(reversed);
    }

    private int[]? Dense(string name, long positions)
    {
        // Checked by division: rows * columns * 4 can exceed 64 bits.
        if (positions > reader.Remaining / _weightSize)
            reader.Fail($"Matrix '{name}' has {positions} values; the {reader.Remaining} bytes left hold at most {reader.Remaining / _weightSize}");
        return null;
    }

    [MethodImpl(Compiled.AtOnce)]
    private int[] Bitmap(string name, long positions)
    {
        ReadOnlySpan<byte> bits = reader.Take((positions + 7) / 8, $"The bitmap of matrix '{name}'");
        int used = (int)(positions & 7);
        if (used != 0 && bits[^1] >> used != 0)
            reader.Fail($"The bitmap of matrix '{name}' has bits after position {positions - 1}; it ends there");
        long active = 0;
        foreach (byte part in bits)
            active += BitOperations.PopCount(part);
        CheckRoom(name, positions, active, bits.Length);
        int[] connections = new int[active];
        for (int part = 0, index = 0; index < connections.Length; part++)
        {
            for (int rest = bits[part]; rest != 0; rest &= rest - 1)
                connections[index++] = (part * 8) + BitOperations.TrailingZeroCount(rest);
        }

        return connections;
    }

    private int[] Gaps(string name, long positions)
    {
        int active = reader.Count($"The number of connections of matrix '{name}'", _weightSize);
        int parameter = reader.Byte($"The gap parameter of matrix '{name}'");
        if (parameter > GapCode.MaximumParameter)
            reader.Fail($"The gap parameter of matrix '{name}' is {parameter}; at most {GapCode.MaximumParameter} is allowed");
        ReadOnlySpan<byte> code = reader.Take(reader.Size($"The length of the gaps of matrix '{name}'"), $"The gaps of matrix '{name}'");
        CheckRoom(name, positions, active, code.Length);
        int[] connections = new int[active];
        if (!GapCode.TryDecode(code, parameter, positions, connections))
            reader.Fail($"The gaps of matrix '{name}' do not lead to {active} of its {positions} positions");
        return connections;
    }

    /// <summary>Checks, before memory is taken, that the weights are there and that the positions are in proportion to the bytes.</summary>
    private void CheckRoom(string name, long positions, long active, int places)
    {
        if (active * _weightSize > reader.Remaining)
            reader.Fail($"Matrix '{name}' has {active} connections; the {reader.Remaining} bytes left hold at most {reader.Remaining / _weightSize} weights");
        long bytes = places + active * _weightSize;
        if (positions > Math.Min(Array.MaxLength, WeightFileFormat.MaximumPositionsPerByte * bytes))
            reader.Fail($"Matrix '{name}' has {positions} positions in {bytes} bytes; at most {WeightFileFormat.MaximumPositionsPerByte} a byte are allowed");
    }
}
