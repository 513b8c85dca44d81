namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Where the active connections of a made-up mask lie.</summary>
internal enum MaskPattern
{
    /// <summary>Anywhere.</summary>
    Unstructured,

    /// <summary>In whole blocks of 16 rows and one column.</summary>
    Blocks,

    /// <summary>The same number in every 32 columns of a row, so densities are multiples of 1/32.</summary>
    Balanced,
}
