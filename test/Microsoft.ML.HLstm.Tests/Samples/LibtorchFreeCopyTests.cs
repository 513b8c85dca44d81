using Samples.Commands;
using Samples.Demo;

namespace Samples;

[TestClass]
public sealed class LibtorchFreeCopyTests
{
    [TestMethod]
    [DataRow("libtorch.so", true)]
    [DataRow("runtimes/linux-x64/native/libtorch_cpu.so", true)]
    [DataRow("libLibTorchSharp.so", true)]
    [DataRow("LibTorchSharp.dll", true)]
    [DataRow("libc10.so", true)]
    [DataRow("libgomp-98b21ff3.so.1", true)]
    [DataRow("torch_cpu.dll", true)]
    [DataRow("libtorch_cpu.dylib", true)]
    [DataRow("TorchSharp.dll", false)]
    [DataRow("Microsoft.ML.HLstm.dll", false)]
    [DataRow("libSkiaSharp.so", false)]
    [DataRow("torch.txt", false)]
    public void KnowsLibtorchsNativeFiles(string path, bool native) => Assert.AreEqual(native, LibtorchFiles.IsNative(path));

    [TestMethod]
    public void CopiesManagedFilesAndGoesAway()
    {
        using var source = new TempFolder();
        source.Write("Samples.dll", "1");
        source.Write("Samples.runtimeconfig.json", "{}");
        source.Write("Samples.deps.json", "{}");
        source.Write("libtorch_cpu.so", "12345");
        Directory.CreateDirectory(source.PathOf("data"));
        source.Write("data/pairs.json", "{}");
        string folder;
        using (var copy = new LibtorchFreeCopy(source.Path))
        {
            folder = copy.Folder;
            CollectionAssert.AreEquivalent(new[] { "Samples.dll", "Samples.runtimeconfig.json" },
                Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ToArray());
            Assert.AreEqual(0, copy.Inspect().Libtorch);
            Assert.AreEqual(1, copy.LeftOutFiles);
            Assert.AreEqual(5, copy.LeftOutBytes);
        }

        Assert.IsFalse(Directory.Exists(folder));
    }
}
