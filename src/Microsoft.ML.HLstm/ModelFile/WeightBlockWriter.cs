using System.Text;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Writes the parts that networks are made of; each task's network is a sequence of these.</summary>
/// <param name="writer">Receives the bytes.</param>
/// <param name="precision">Precision of the weights; biases are float32.</param>
internal sealed class WeightBlockWriter(BinaryWriter writer, WeightPrecision precision)
{
    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Writes a yes or no.</summary>
    public void Flag(bool value) => writer.Write(value);

    /// <summary>Writes <c>length i32 | float32 values</c>.</summary>
    public void Vector(float[] values, string name)
    {
        writer.Write(values.Length);
        foreach (float value in values)
            writer.Write(Finite(value, $"The bias of matrix '{name}'"));
    }

    /// <summary>
    /// Writes <c>name | rows i32 | columns i32 | encoding u8 | positions | values</c>, in the encoding that takes the fewest
    /// bytes.
    /// </summary>
    public void Matrix(WeightMatrix matrix)
    {
        byte[] name = _strictUtf8.GetBytes(matrix.Name);
        if (name.Length > WeightFileFormat.MaximumNameLength)
            throw new InvalidDataException($"The name '{matrix.Name}' has {name.Length} bytes; at most {WeightFileFormat.MaximumNameLength} are allowed.");
        writer.Write((byte)name.Length);
        writer.Write(name);
        writer.Write(matrix.Rows);
        writer.Write(matrix.Columns);

        float[] values = matrix.Values;
        int active = matrix.ActiveConnections;
        int parameter = GapCode.Parameter(values.Length, active);
        MatrixEncoding encoding = Choose(values, active, parameter);
        writer.Write((byte)encoding);
        if (encoding == MatrixEncoding.Bitmap)
        {
            writer.Write(Bitmap(values));
        }
        else if (encoding == MatrixEncoding.Gaps)
        {
            byte[] gaps = GapCode.Encode(values, parameter);
            writer.Write(active);
            writer.Write((byte)parameter);
            writer.Write(gaps.Length);
            writer.Write(gaps);
        }

        foreach (float value in values)
        {
            if (encoding == MatrixEncoding.Dense || value != 0f)
                Weight(value, matrix.Name);
        }
    }

    /// <summary>Writes a matrix and its bias.</summary>
    public void Layer(DenseLayer layer)
    {
        Matrix(layer.Weight);
        Vector(layer.Bias, layer.Weight.Name);
    }

    /// <summary>Writes <c>count i32</c> and the layers.</summary>
    public void Layers(DenseLayer[] layers)
    {
        writer.Write(layers.Length);
        foreach (DenseLayer layer in layers)
            Layer(layer);
    }

    /// <summary>Writes a cell.</summary>
    public void Cell(CellWeights cell)
    {
        writer.Write(cell.InputSize);
        writer.Write(cell.StateSize);
        writer.Write((byte)cell.Activation);
        writer.Write((byte)cell.TrunkWidths.Length);
        foreach (int width in cell.TrunkWidths)
            writer.Write(width);
        Matrix(cell.Input);
        Matrix(cell.Recurrent);
        Vector(cell.Bias, cell.Input.Name);
        foreach (DenseLayer[] trunk in cell.Hidden)
            Layers(trunk);
        Layers(cell.Output);
    }

    /// <summary>Writes <c>count i32</c> and the cells.</summary>
    public void Cells(CellWeights[] cells)
    {
        writer.Write(cells.Length);
        foreach (CellWeights cell in cells)
            Cell(cell);
    }

    private MatrixEncoding Choose(float[] values, int active, int parameter)
    {
        const int GapsHeader = 9;
        int size = WeightFileFormat.SizeOf(precision);
        long dense = (long)values.Length * size;
        long bitmap = (values.Length + 7L) / 8 + (long)active * size;
        long gaps = GapCode.EncodedSize(values, parameter) + GapsHeader + (long)active * size;
        bool tooSparse = values.Length > WeightFileFormat.MaximumPositionsPerByte * (gaps - GapsHeader);
        if (!tooSparse && gaps < bitmap && gaps < dense)
            return MatrixEncoding.Gaps;
        return bitmap < dense ? MatrixEncoding.Bitmap : MatrixEncoding.Dense;
    }

    private static byte[] Bitmap(float[] values)
    {
        byte[] bits = new byte[(values.Length + 7L) / 8];
        for (int position = 0; position < values.Length; position++)
        {
            if (values[position] != 0f)
                bits[position >> 3] |= (byte)(1 << (position & 7));
        }

        return bits;
    }

    private void Weight(float value, string name)
    {
        if (precision == WeightPrecision.Half)
            writer.Write(ToHalf(Finite(value, $"Matrix '{name}'"), name));
        else
            writer.Write(Finite(value, $"Matrix '{name}'"));
    }

    /// <summary>Rounds to float16, but never an active connection to zero: the counts a user was told stay true.</summary>
    private static Half ToHalf(float value, string name)
    {
        Half half = (Half)value;
        if (Half.IsInfinity(half))
            throw new InvalidDataException($"Matrix '{name}' has the weight {value}; half precision reaches to {Half.MaxValue}.");
        return value != 0f && half == Half.Zero ? Half.CopySign(Half.Epsilon, half) : half;
    }

    private static float Finite(float value, string where) => float.IsFinite(value)
        ? value
        : throw new InvalidDataException($"{where} has the value {value}; only finite numbers can be stored.");
}
