using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>How the compiler has to treat inner loops.</summary>
internal static class Compiled
{
    /// <summary>
    /// Optimised before the first call, because vector code that waits for the tiers of the compiler takes 20 times as long, on a busy machine for
    /// seconds; and never inlined, because a caller that has taken in several loops has no room left for what is called inside them: a step's
    /// gates then took twice as long.
    /// </summary>
    public const MethodImplOptions AtOnce = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;
}
