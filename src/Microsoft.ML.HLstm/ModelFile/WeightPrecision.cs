namespace Microsoft.ML.HLstm;

/// <summary>How the weights of a model are stored in its file. Scoring computes in float32 either way.</summary>
public enum WeightPrecision
{
    /// <summary>float32, 4 bytes a weight: what training left, bit for bit.</summary>
#pragma warning disable CA1720 // The name of the type is the name of the precision, as in ML.NET's DataKind.
    Single,
#pragma warning restore CA1720

    /// <summary>float16, 2 bytes a weight, 11 significant bits. Biases stay float32.</summary>
    Half,
}
