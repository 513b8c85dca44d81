using System.IO.Compression;
using System.Text;
using Samples.Commands;

namespace Samples.Translate;

/// <summary>Reads the lines of a UTF-8 file, plain or gzip.</summary>
internal static class TextFile
{
    /// <summary>Lines without their ends, one at a time.</summary>
    /// <exception cref="SampleException">The file is missing, cannot be opened or is damaged.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var reader = new StreamReader(Open(path), Encoding.UTF8);
        while (true)
        {
            string? line;
            try
            {
                line = reader.ReadLine();
            }
            catch (InvalidDataException exception)
            {
                throw new SampleException($"{path} is damaged: {exception.Message}");
            }

            if (line is null)
                yield break;
            yield return line;
        }
    }

    /// <summary>Names lie about compression more often than the two first bytes do.</summary>
    private static Stream Open(string path)
    {
        try
        {
            FileStream file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[2];
            bool gzip = file.ReadAtLeast(magic, 2, throwOnEndOfStream: false) == 2 && magic is [0x1f, 0x8b];
            file.Position = 0;
            return gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SampleException($"The file {path} does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"The file {path} cannot be opened: {exception.Message}");
        }
    }
}
