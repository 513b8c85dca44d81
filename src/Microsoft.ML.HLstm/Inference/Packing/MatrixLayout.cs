namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Ways to lay out a matrix for multiplication.</summary>
internal enum MatrixLayout
{
    /// <summary><see cref="CsrPackedMatrix{TVector, TSimd}"/>.</summary>
    Csr,

    /// <summary><see cref="PanelPackedMatrix{TVector, TSimd, TWeight}"/>.</summary>
    Panels,

    /// <summary><see cref="SlicedPackedMatrix{TSlot}"/>; only for <see cref="InstructionSet.Avx512"/>.</summary>
    Sliced,

    /// <summary><see cref="EllpackPackedMatrix"/>; only for <see cref="InstructionSet.Avx2"/>.</summary>
    Ellpack,
}
