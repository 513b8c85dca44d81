namespace Microsoft.ML.HLstm;

/// <summary>An audio file, or audio bytes of a row, are damaged, cut short, or of a format that is not read.</summary>
/// <remarks>Where ML.NET reads rows on several threads, it reaches users as an inner exception.</remarks>
public sealed class AudioFormatException : FormatException
{
    /// <summary>Makes the exception; the message names the audio, what is wrong, and the place.</summary>
    /// <param name="audioName">The path of the file, or words for what is in memory.</param>
    /// <param name="what">What is wrong: the thing, its value and what is allowed.</param>
    /// <param name="offset">Byte offset from the start; for samples, the index of the sample.</param>
    public AudioFormatException(string audioName, string what, long offset)
        : base($"Cannot read the audio of {audioName}: {what} (at {offset}).")
    {
        AudioName = audioName;
        What = what;
        Offset = offset;
    }

    /// <summary>The path of the file, or words for what is in memory ("a row's bytes").</summary>
    public string AudioName { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string What { get; }

    /// <summary>Byte offset from the start of the file or the bytes; for samples, the index of the sample.</summary>
    public long Offset { get; }
}
