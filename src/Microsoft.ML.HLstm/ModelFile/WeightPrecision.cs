namespace Microsoft.ML.HLstm;

/// <summary>How weights are kept in the model zip.</summary>
public enum WeightPrecision
{
    /// <summary>32-bit floating point: exactly what was trained.</summary>
    Float32,

    /// <summary>16-bit floating point: half the size, 11 significant bits.</summary>
    Float16,
}
