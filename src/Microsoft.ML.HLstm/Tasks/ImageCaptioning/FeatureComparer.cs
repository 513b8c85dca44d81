using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Pictures are the same when all their features are.</summary>
internal sealed class FeatureComparer : IEqualityComparer<float[]>
{
    /// <summary>The one comparer.</summary>
    public static FeatureComparer Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(float[]? x, float[]? y) => MemoryMarshal.AsBytes(x.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(y.AsSpan()));

    /// <inheritdoc/>
    public int GetHashCode(float[] obj)
    {
        HashCode code = default;
        code.AddBytes(MemoryMarshal.AsBytes(obj.AsSpan()));
        return code.ToHashCode();
    }
}
