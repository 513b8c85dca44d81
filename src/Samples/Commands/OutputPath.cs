namespace Samples.Commands;

/// <summary>Checks where a result will go before the work starts that makes it.</summary>
internal static class OutputPath
{
    /// <summary>What a file is called until it is whole.</summary>
    private const string Unfinished = ".tmp";

    /// <summary>Makes the folder of a file that is going to be written.</summary>
    /// <exception cref="SampleException">There cannot be such a file.</exception>
    public static string ForFile(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException($"'{path}' is no name of a file.");
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new SampleException($"{path} is a folder; a file is to be written there.");
        ForFolder(Path.GetDirectoryName(full)!);
        try
        {
            File.Create(full + Unfinished, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"The file {path} cannot be written: {exception.Message}");
        }

        return full;
    }

    /// <summary>Writes a file beside its place and renames it: a program that is killed meanwhile leaves what was there, and no half of what is new.</summary>
    public static void Write(string full, Action<string> write)
    {
        write(full + Unfinished);
        File.Move(full + Unfinished, full, overwrite: true);
    }

    /// <summary>Makes a folder.</summary>
    /// <exception cref="SampleException">There cannot be such a folder.</exception>
    public static string ForFolder(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new UsageException($"'{path}' is no name of a folder.");
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"The folder {path} cannot be made: {exception.Message}");
        }
    }
}
