namespace Microsoft.ML.HLstm;

/// <summary>A picture that cannot be used: its file is missing or damaged, or the network's features of it are not finite.</summary>
public sealed class InvalidImageException : InvalidOperationException
{
    internal InvalidImageException(string path, string wrong, Exception? inner = null)
        : base($"The image '{path}' cannot be used: {wrong.TrimEnd('.')}.", inner) => Path = path;

    /// <summary>The path of the picture's file, as the data has it.</summary>
    public string Path { get; }
}
