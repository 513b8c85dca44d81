namespace Microsoft.ML.HLstm;

/// <summary>A model file is damaged, cut short, or written by a newer version.</summary>
public sealed class ModelFormatException : FormatException
{
    /// <summary>Makes the exception; the message gets the place appended.</summary>
    /// <param name="message">What is wrong: the thing, its value and what is allowed.</param>
    /// <param name="streamName">The part of the model that was being read.</param>
    /// <param name="offset">Byte offset in that part, from its start.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public ModelFormatException(string message, string streamName, long offset, Exception? inner = null)
        : base($"{message} ({streamName}, byte {offset})", inner)
    {
        What = message;
        StreamName = streamName;
        Offset = offset;
    }

    /// <summary>What is wrong, without the place.</summary>
    public string What { get; }

    /// <summary>The part of the model that was being read.</summary>
    public string StreamName { get; }

    /// <summary>Byte offset in that part, from its start.</summary>
    public long Offset { get; }
}
