namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>How weights lie in memory. Sums are float32 in every case.</summary>
internal enum PackedPrecision
{
    /// <summary>float32.</summary>
    Float32,

    /// <summary>16 bits a weight: an integer times a scale a row. float32 in slices.</summary>
    Int16,

    /// <summary>8 bits a weight: an integer times a scale a row. In slices 16 bits, five of them for the column.</summary>
    Int8,
}
