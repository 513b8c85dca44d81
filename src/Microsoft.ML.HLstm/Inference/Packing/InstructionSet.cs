namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>Vector instructions for which a matrix is packed.</summary>
internal enum InstructionSet
{
    /// <summary>What <see cref="System.Numerics.Vector{T}"/> offers; every processor, ARM64 among them.</summary>
    Portable,

    /// <summary>256-bit vectors with fused multiply-add.</summary>
    Avx2,

    /// <summary>512-bit vectors with permutations of two registers.</summary>
    Avx512,
}
