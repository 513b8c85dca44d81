namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>A copy of the tests' output folder without TorchSharp's native libraries; deleted at the end.</summary>
internal sealed class FolderWithoutLibtorch : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hlstm");

    public FolderWithoutLibtorch()
    {
        foreach (string file in Directory.EnumerateFiles(AppContext.BaseDirectory))
        {
            if (System.IO.Path.GetExtension(file) is ".dll" or ".json")
                File.Copy(file, System.IO.Path.Combine(Path, System.IO.Path.GetFileName(file)));
        }

        string[] native = [.. Directory.EnumerateFiles(Path, "*torch*", SearchOption.AllDirectories).Where(file => !file.EndsWith("TorchSharp.dll", StringComparison.Ordinal))];
        Assert.IsEmpty(native);
    }

    /// <summary>Where the folder is.</summary>
    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);
}
