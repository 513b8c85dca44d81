using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Benchmarks.Onnx;

/// <summary>A matrix in int8, symmetric around zero, with one scale.</summary>
internal sealed class QuantizedMatrix
{
    /// <summary>Quantises row-major <paramref name="values"/>.</summary>
    public QuantizedMatrix(float[] values, int columns)
    {
        float largest = TensorPrimitives.MaxMagnitude<float>(values);
        Scale = largest == 0 ? 1 : MathF.Abs(largest) / sbyte.MaxValue;
        int rows = values.Length / columns;
        Transposed = new sbyte[values.Length];
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
                Transposed[(column * rows) + row] = (sbyte)MathF.Round(values[(row * columns) + column] / Scale);
        }
    }

    /// <summary>What one step of the integers is worth.</summary>
    public float Scale { get; }

    /// <summary>[columns, rows].</summary>
    public sbyte[] Transposed { get; }
}
