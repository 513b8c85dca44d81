namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Files that are there whole or not at all, whenever the process ends.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside its place and renames it.</summary>
    public static void Write(string path, Action<string> write)
    {
        string temporary = path + ".tmp";
        write(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Writes text.</summary>
    public static void Write(string path, string text) => Write(path, temporary =>
    {
        using FileStream stream = File.Create(temporary);
        stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        stream.Flush(flushToDisk: true);
    });
}
