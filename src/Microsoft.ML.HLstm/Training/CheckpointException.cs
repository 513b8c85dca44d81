namespace Microsoft.ML.HLstm;

/// <summary>
/// A run cannot go on from the checkpoints of its folder: they are of another run, damaged, in use, or the folder cannot be
/// written to. The message says which.
/// </summary>
public sealed class CheckpointException : IOException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="folder">The folder of checkpoints.</param>
    /// <param name="message">What is wrong with it, and what helps.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public CheckpointException(string folder, string message, Exception? inner = null) : base(message, inner) => Folder = folder;

    /// <summary>The folder of checkpoints.</summary>
    public string Folder { get; }
}
