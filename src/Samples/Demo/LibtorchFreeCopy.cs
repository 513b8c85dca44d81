using Samples.Commands;

namespace Samples.Demo;

/// <summary>A copy of a program's folder without libtorch, in a temporary folder that goes away with this object.</summary>
internal sealed class LibtorchFreeCopy : IDisposable
{
    public LibtorchFreeCopy(string source)
    {
        Folder = Directory.CreateTempSubdirectory("hlstm-demo-").FullName;
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (LibtorchFiles.IsNative(file))
            {
                LeftOutFiles++;
                LeftOutBytes += new FileInfo(file).Length;
            }
            // The list of dependencies names libtorch, and the host insists on what it names; without the list it takes what is there.
            else if (!relative.EndsWith(".deps.json", StringComparison.Ordinal) && IsNeeded(relative))
            {
                string target = Path.Combine(Folder, relative);
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                File.Copy(file, target);
            }
        }
    }

    public string Folder { get; }

    public int LeftOutFiles { get; private set; }

    public long LeftOutBytes { get; private set; }

    /// <summary>Files in the copy, and those of them that are libtorch's; looked up, not remembered.</summary>
    public (int Files, long Bytes, int Libtorch) Inspect()
    {
        FileInfo[] files = new DirectoryInfo(Folder).GetFiles("*", SearchOption.AllDirectories);
        return (files.Length, files.Sum(file => file.Length), files.Count(file => LibtorchFiles.IsNative(file.Name)));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static bool IsNeeded(string relative)
    {
        // Programs and their data, not documentation, symbols or other native files.
        string first = relative.Split(Path.DirectorySeparatorChar)[0];
        return first is not ("data" or "models" or "runtimes")
            && Path.GetExtension(relative) is ".dll" or ".json";
    }
}
