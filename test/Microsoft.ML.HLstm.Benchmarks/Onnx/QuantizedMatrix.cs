using System.Numerics.Tensors;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Benchmarks.Onnx;

/// <summary>A matrix in int8, symmetric around zero, with one scale.</summary>
internal sealed class QuantizedMatrix
{
    // Without instructions for products of bytes (VNNI), ONNX Runtime adds two products in 16 bits, which overflow if weights use
    // all of theirs; its quantisation tool has the option reduce_range for that, which leaves one bit free.
    private static readonly int _most = X86Base.IsSupported && !HasVnni() ? 64 : sbyte.MaxValue;

    /// <summary>Quantises row-major <paramref name="values"/>.</summary>
    public QuantizedMatrix(float[] values, int columns)
    {
        float largest = TensorPrimitives.MaxMagnitude<float>(values);
        Scale = largest == 0 ? 1 : MathF.Abs(largest) / _most;
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

    private static bool HasVnni()
    {
        (_, _, int features, _) = X86Base.CpuId(7, 0);
        const int Avx512Vnni = 1 << 11, AvxVnni = 1 << 4;
        return (features & Avx512Vnni) != 0 || (X86Base.CpuId(7, 1).Eax & AvxVnni) != 0;
    }
}
