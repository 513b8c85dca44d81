namespace Samples.Commands;

/// <summary>Checks where a result will go before the work starts that makes it.</summary>
internal static class OutputPath
{
    /// <summary>Makes the folder of a file that is going to be written.</summary>
    /// <exception cref="SampleException">There cannot be such a file.</exception>
    public static string ForFile(string path)
    {
        string full = Path.GetFullPath(path);
        if (Directory.Exists(full))
            throw new SampleException($"{path} is a folder; a file is to be written there.");
        ForFolder(Path.GetDirectoryName(full)!);
        return full;
    }

    /// <summary>Makes a folder.</summary>
    /// <exception cref="SampleException">There cannot be such a folder.</exception>
    public static string ForFolder(string path)
    {
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
