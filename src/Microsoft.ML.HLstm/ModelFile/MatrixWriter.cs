using System.Text;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Writes matrices at one precision.</summary>
/// <param name="writer">Receives the bytes.</param>
/// <param name="precision">What matrices of another precision are rounded to.</param>
internal sealed class MatrixWriter(BinaryWriter writer, WeightPrecision precision)
{
    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Writes <c>name | rows i32 | columns i32 | encoding u8 | row scales | positions | weights</c>, in the encoding that takes
    /// the fewest bytes. Only int8 has row scales, a float32 for each row.
    /// </summary>
    public void Write(WeightMatrix matrix)
    {
        Name(matrix.Name);
        writer.Write(matrix.Rows);
        writer.Write(matrix.Columns);
        WeightMatrix rounded = matrix.At(precision);
        switch (precision)
        {
            case WeightPrecision.Int8:
                Weights(rounded, rounded.Levels.Span, writer.Write);
                break;
            case WeightPrecision.Half:
                Weights(rounded, rounded.Halves.Span, writer.Write);
                break;
            default:
                float[] values = rounded.Values;
                if (Array.FindIndex(values, value => !float.IsFinite(value)) is var index and >= 0)
                    throw new InvalidDataException($"Matrix '{matrix.Name}' has the value {values[index]}; only finite numbers can be stored.");
                Weights<float>(rounded, values, writer.Write);
                break;
        }
    }

    /// <summary>Writes <c>length u8 | UTF-8</c>.</summary>
    public void Name(string name)
    {
        byte[] bytes = _strictUtf8.GetBytes(name);
        if (bytes.Length > WeightFileFormat.MaximumNameLength)
            throw new InvalidDataException($"The name '{name}' has {bytes.Length} bytes; at most {WeightFileFormat.MaximumNameLength} are allowed.");
        writer.Write((byte)bytes.Length);
        writer.Write(bytes);
    }

    private void Weights<T>(WeightMatrix matrix, ReadOnlySpan<T> weights, Action<T> write) where T : struct, IEquatable<T>
    {
        int[] connections = Connections(weights);
        int parameter = GapCode.Parameter(weights.Length, connections.Length);
        MatrixEncoding encoding = Choose(weights.Length, connections, parameter);
        writer.Write((byte)encoding);
        foreach (float scale in matrix.RowScales.Span)
            writer.Write(scale);
        if (encoding == MatrixEncoding.Bitmap)
        {
            writer.Write(Bitmap(weights.Length, connections));
        }
        else if (encoding == MatrixEncoding.Gaps)
        {
            byte[] gaps = GapCode.Encode(connections, parameter);
            writer.Write(connections.Length);
            writer.Write((byte)parameter);
            writer.Write(gaps.Length);
            writer.Write(gaps);
        }

        foreach (T weight in weights)
        {
            if (encoding == MatrixEncoding.Dense || !weight.Equals(default))
                write(weight);
        }
    }

    private static int[] Connections<T>(ReadOnlySpan<T> weights) where T : struct, IEquatable<T>
    {
        var connections = new List<int>();
        for (int position = 0; position < weights.Length; position++)
        {
            if (!weights[position].Equals(default))
                connections.Add(position);
        }

        return [.. connections];
    }

    private MatrixEncoding Choose(int positions, int[] connections, int parameter)
    {
        const int GapsHeader = 9;
        int size = WeightFileFormat.SizeOf(precision);
        long dense = (long)positions * size;
        long active = (long)connections.Length * size;
        long bitmap = (positions + 7L) / 8 + active;
        long gaps = GapCode.EncodedSize(connections, parameter) + GapsHeader + active;
        bool tooSparse = positions > WeightFileFormat.MaximumPositionsPerByte * (gaps - GapsHeader);
        if (!tooSparse && gaps < bitmap && gaps < dense)
            return MatrixEncoding.Gaps;
        return bitmap < dense ? MatrixEncoding.Bitmap : MatrixEncoding.Dense;
    }

    private static byte[] Bitmap(int positions, int[] connections)
    {
        byte[] bits = new byte[(positions + 7L) / 8];
        foreach (int position in connections)
            bits[position >> 3] |= (byte)(1 << (position & 7));
        return bits;
    }
}
