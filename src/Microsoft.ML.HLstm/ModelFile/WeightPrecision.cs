namespace Microsoft.ML.HLstm;

/// <summary>
/// How a model keeps its weights, in its zip and in memory. Biases, inputs, sums and outputs are float32 at every precision.
/// </summary>
public enum WeightPrecision
{
#pragma warning disable CA1720 // The name of the type is the name of the precision, as in ML.NET's DataKind.
    /// <summary>float32, 4 bytes a weight: what training left, bit for bit.</summary>
    Single,

    /// <summary>float16, 2 bytes a weight, 11 significant bits; weights up to 65,504 in magnitude.</summary>
    Half,

    /// <summary>
    /// 8-bit whole numbers from -127 to 127, 1 byte a weight, and a float32 scale for each row of a matrix (each output, or
    /// each token of an embedding): a weight is its row's scale times its number.
    /// </summary>
    Int8,
#pragma warning restore CA1720
}
