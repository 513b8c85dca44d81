namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Memory that is kept from row to row, and grows when a row needs more.</summary>
internal static class Workspace
{
    /// <summary>The first <paramref name="length"/> elements, with whatever the row before has left there.</summary>
    public static Span<T> Take<T>(ref T[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new T[length];
        return buffer.AsSpan(0, length);
    }
}
