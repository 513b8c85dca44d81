namespace Samples.Commands;

/// <summary>Knows the native files that only training needs.</summary>
internal static class LibtorchFiles
{
    private static readonly string[] _stems =
        ["torch", "LibTorchSharp", "c10", "gomp", "iomp", "fbgemm", "asmjit", "uv", "shm", "caffe2", "nvfuser", "mkl"];

    /// <summary>True for libtorch's and TorchSharp's native files of any operating system; false for the managed TorchSharp.dll.</summary>
    public static bool IsNative(string path)
    {
        string name = Path.GetFileName(path);
        if (name.Equals("TorchSharp.dll", StringComparison.OrdinalIgnoreCase))
            return false;
        bool library = name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".dylib", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal);
        if (!library)
            return false;
        string stem = name.StartsWith("lib", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("LibTorchSharp", StringComparison.OrdinalIgnoreCase) ? name[3..] : name;
        return _stems.Any(known => stem.StartsWith(known, StringComparison.OrdinalIgnoreCase));
    }
}
