using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training;
using TorchSharp;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public sealed class TorchRuntimeTests
{
    [TestMethod]
    public void EnsureLoaded_LetsTorchComputeGradients()
    {
        TorchRuntime.EnsureLoaded();

        using torch.Tensor left = torch.tensor(new float[] { 1, 2, 3, 4 }, [2, 2], requires_grad: true);
        using torch.Tensor right = torch.tensor(new float[] { 5, 6, 7, 8 }, [2, 2]);
        using torch.Tensor sum = left.mm(right).sum();
        sum.backward();

        Assert.AreEqual(134f, sum.item<float>());
        CollectionAssert.AreEqual(new float[] { 11, 15, 11, 15 }, left.grad!.data<float>().ToArray());
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    [DataRow("OMP_WAIT_POLICY", "active", "passive")]
    [DataRow("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "100", "16")]
    public void Native_libraries_get_settings_unless_the_user_has_said_otherwise(string name, string users, string value)
    {
        string? before = Get(name);
        try
        {
            _ = setenv(name, users, 1);
            TorchRuntime.SetDefaults();
            Assert.AreEqual(users, Get(name));
            _ = unsetenv(name);
            TorchRuntime.SetDefaults();
            Assert.AreEqual(value, Get(name));
        }
        finally
        {
            _ = before is null ? unsetenv(name) : setenv(name, before, 1);
        }
    }

    [TestMethod]
    public void Explain_NamesTheBuildStepForAnOldLibstdcxx()
    {
        Exception error = new NotSupportedException("x", new DllNotFoundException("version `GLIBCXX_3.4.32' not found"));

        StringAssert.Contains(TorchRuntime.Explain(error, "linux-x64"), "HLstmWeakenLibstdcxx");
    }

    [TestMethod]
    [DataRow("linux-x64", "libtorch-cpu-linux-x64")]
    [DataRow("debian.12-x64", "libtorch-cpu-linux-x64")]
    [DataRow("win-x64", "libtorch-cpu-win-x64")]
    [DataRow("osx-arm64", "libtorch-cpu-osx-arm64")]
    public void Explain_NamesThePackageOfTheSystem(string runtimeIdentifier, string package)
    {
        Exception error = new NotSupportedException("This application requires libtorch");

        StringAssert.Contains(TorchRuntime.Explain(error, runtimeIdentifier), $"package {package} version 2.10.0");
    }

    [TestMethod]
    [OSCondition(OperatingSystems.Linux)]
    public void AskLoaderFirst_FailsBeforeTorchSharpCopiesLibtorch()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hlstm-");
        try
        {
            // The real library without libtorch beside it is what an application without the package has.
            string name = "libLibTorchSharp.so";
            File.Copy(Path.Combine(AppContext.BaseDirectory, "runtimes/linux-x64/native", name), Path.Combine(folder.FullName, name));
            StringAssert.Contains(FreshProcess.Run(ExplainLoading, folder.FullName), "package libtorch-cpu-linux-x64");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // In a process of its own: once libtorch is loaded, the loader finds it wherever it lies.
    private static string ExplainLoading(string[] arguments)
    {
        DllNotFoundException error = Assert.ThrowsExactly<DllNotFoundException>(() => TorchRuntime.AskLoaderFirst(arguments[0]));
        return TorchRuntime.Explain(error, "linux-x64");
    }

    private static string? Get(string name) => Marshal.PtrToStringUTF8(getenv(name));

    [DllImport("libc")]
    private static extern nint getenv(string name);

    [DllImport("libc")]
    private static extern int setenv(string name, string value, int overwrite);

    [DllImport("libc")]
    private static extern int unsetenv(string name);
}
