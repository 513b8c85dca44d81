using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Unicode;

namespace Samples.Commands;

/// <summary>Reads the lines of a UTF-8 file, plain or gzip.</summary>
internal static class TextFile
{
    /// <summary>Lines without their ends, one at a time.</summary>
    /// <exception cref="SampleException">The file is missing, cannot be opened, is damaged, or is text of another encoding than UTF-8, or UTF-16 with its mark.</exception>
    public static IEnumerable<string> ReadLines(string path)
    {
        MemoryStream text = Open(path);
        CheckEncoding(path, text.GetBuffer().AsSpan(0, (int)text.Length));
        using var reader = new StreamReader(text, Encoding.UTF8);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>The columns of lines with a tab between them, with the number of the line; lines of blanks are none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="needed">What the two columns are that there must be.</param>
    /// <exception cref="SampleException">As for <see cref="ReadLines"/>, or a line has one column.</exception>
    public static IEnumerable<(int Line, string[] Columns)> ReadColumns(string path, string needed)
    {
        int number = 0;
        foreach (string line in ReadLines(path))
        {
            number++;
            string[] columns = line.Split('\t');
            // An empty line at the end of a file is an editor's, not a row.
            if (columns is [var alone] && string.IsNullOrWhiteSpace(alone))
                continue;
            yield return columns.Length > 1
                ? (number, columns)
                : throw new SampleException($"{path}, line {number} has 1 column; at least 2 are needed: {needed}.");
        }
    }

    private static MemoryStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new SampleException($"{path} is a folder; a file is needed.");
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            // Names lie about compression more often than the first two bytes do.
            return bytes is [0x1f, 0x8b, ..] ? Decompress(path, bytes) : new MemoryStream(bytes, 0, bytes.Length, writable: false, publiclyVisible: true);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SampleException($"The file {path} does not exist.");
        }
        catch (InvalidDataException exception)
        {
            throw new SampleException($"{path} is damaged: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SampleException($"The file {path} cannot be opened: {exception.Message}");
        }
    }

    // A reader would put the replacement character in the place of each byte that it does not understand, and say nothing.
    private static void CheckEncoding(string path, ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes) || bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            return;
        ReadOnlySpan<byte> rest = bytes;
        while (Rune.DecodeFromUtf8(rest, out _, out int length) == OperationStatus.Done)
            rest = rest[length..];
        throw new SampleException($"{path} is not UTF-8: line {bytes[..^rest.Length].Count((byte)'\n') + 1} has the byte 0x{rest[0]:X2}, as text of another encoding has; convert it.");
    }

    private static MemoryStream Decompress(string path, byte[] bytes)
    {
        var text = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress))
            gzip.CopyTo(text);
        // .NET reads a cut-off file without complaint. A whole one ends with the length of its last member.
        uint last = bytes.Length < sizeof(uint) ? uint.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(^sizeof(uint)..));
        if (last > text.Length)
            throw new SampleException($"{path} is damaged: it is cut off after {text.Length} bytes of text.");
        text.Position = 0;
        return text;
    }
}
