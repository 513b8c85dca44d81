using System.Runtime.InteropServices;
using TorchSharp;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Loads libtorch before training needs it, so that a failure says what to do.</summary>
internal static partial class TorchRuntime
{
    private const string MissingVersion = "GLIBCXX_3.4.32";
    private const string WaitPolicy = "OMP_WAIT_POLICY", CacheCapacity = "ONEDNN_PRIMITIVE_CACHE_CAPACITY";
    private const string LibtorchVersion = "2.10.0";

    /// <summary>Loads TorchSharp's native libraries.</summary>
    /// <exception cref="InvalidOperationException">They cannot be loaded; the message names the cause and the cure.</exception>
    internal static void EnsureLoaded()
    {
        try
        {
            SetDefaults();
            AskLoaderFirst(AppContext.BaseDirectory);
            using torch.Tensor tensor = torch.zeros(1);
        }
        catch (Exception error)
        {
            throw new InvalidOperationException(Explain(error, RuntimeInformation.RuntimeIdentifier), error);
        }
    }

    /// <summary>Asks libgomp, before it is loaded, to let its idle threads sleep, and oneDNN to keep few primitives; what the user has set stays.</summary>
    /// <remarks>
    /// The threads would spin on cores that the kernels' own threads need: with two threads on two cores an LSTM of 256 units took
    /// twice as long. oneDNN keeps the code for 1,024 shapes of convolutions, and batches of recordings nearly all have shapes of their own:
    /// a recogniser's training of 23 epochs grew from 419 to 511 MiB. Both read the environment of the process, which
    /// <see cref="Environment"/> copies on Unix and never writes.
    /// </remarks>
    internal static void SetDefaults()
    {
        if (!OperatingSystem.IsLinux())
            return;
        _ = SetVariable(WaitPolicy, "passive", overwrite: 0);
        _ = SetVariable(CacheCapacity, "16", overwrite: 0);
    }

    /// <summary>Turns a failure to load into its cause and cure.</summary>
    internal static string Explain(Exception error, string runtimeIdentifier)
    {
        if (error.ToString().Contains(MissingVersion, StringComparison.Ordinal))
        {
            return $"TorchSharp cannot load: this system's libstdc++ lacks the version {MissingVersion} that libLibTorchSharp.so "
                + "asks for. Build the application on this system with the package Microsoft.ML.HLstm referenced, or anywhere "
                + "with the property HLstmWeakenLibstdcxx=true: the build then adapts the copy in the output folder. Or install "
                + "the libstdc++ of GCC 13 or later.";
        }
        string package = runtimeIdentifier.StartsWith("win", StringComparison.Ordinal) ? "libtorch-cpu-win-x64"
            : runtimeIdentifier.StartsWith("osx", StringComparison.Ordinal) ? "libtorch-cpu-osx-arm64" : "libtorch-cpu-linux-x64";
        return "TorchSharp cannot load libtorch, which training needs and the application brings along: add a reference to the "
            + $"package {package} version {LibtorchVersion} (libtorch-cpu-linux-x64, libtorch-cpu-win-x64 or "
            + "libtorch-cpu-osx-arm64 by operating system, or a libtorch-cuda package of that version). "
            + "Scoring a trained model does not need it.";
    }

    /// <summary>Loads libLibTorchSharp.so, if it lies in an application's folder, before TorchSharp tries to.</summary>
    /// <remarks>After a failure TorchSharp copies all of libtorch, half a gigabyte, to a second place and tries again.</remarks>
    internal static void AskLoaderFirst(string folder)
    {
        if (!OperatingSystem.IsLinux())
            return;
        foreach (string place in (string[])["libLibTorchSharp.so", "runtimes/linux-x64/native/libLibTorchSharp.so"])
        {
            string path = Path.Combine(folder, place);
            if (File.Exists(path))
                NativeLibrary.Load(path); // stays loaded: TorchSharp is about to ask for the same file
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
