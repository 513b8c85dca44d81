using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>What this processor has.</summary>
internal static class InstructionSets
{
    /// <summary>The best set of this processor, found once.</summary>
    public static InstructionSet Best { get; } = Supports(InstructionSet.Avx512) ? InstructionSet.Avx512
        : Supports(InstructionSet.Avx2) ? InstructionSet.Avx2 : InstructionSet.Portable;

    /// <summary>Whether matrices packed for <paramref name="set"/> can be multiplied here.</summary>
    public static bool Supports(InstructionSet set) => set switch
    {
        InstructionSet.Avx512 => Vector512.IsHardwareAccelerated && Avx512F.IsSupported && Supports(InstructionSet.Avx2),
        InstructionSet.Avx2 => Vector256.IsHardwareAccelerated && Avx2.IsSupported && Fma.IsSupported,
        _ => true,
    };
}
