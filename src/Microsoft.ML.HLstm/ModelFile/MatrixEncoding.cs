namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>How a matrix says which of its connections exist. The numbers are in files: never change one, only add.</summary>
internal enum MatrixEncoding : byte
{
    /// <summary>Every value, zeros included.</summary>
    Dense = 0,

    /// <summary>One bit a position, lowest bit first, row-major; then the active values.</summary>
    Bitmap = 1,

    /// <summary>Rice-coded gaps between active positions, see <see cref="GapCode"/>; then the active values.</summary>
    Gaps = 2,
}
