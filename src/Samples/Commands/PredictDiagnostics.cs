using System.Diagnostics;
using System.Globalization;

namespace Samples.Commands;

/// <summary>Tells at the end what the process cost, and whether it loaded any native file of libtorch.</summary>
internal sealed class PredictDiagnostics(TextWriter output) : IDisposable
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private int _rows;

    public void Count() => _rows++;

    public void Dispose()
    {
        using Process process = Process.GetCurrentProcess();
        string[] native = [.. process.Modules.Cast<ProcessModule>().Select(module => Path.GetFileName(module.FileName)).Where(LibtorchFiles.IsNative)];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{_rows} in {_watch.Elapsed.TotalSeconds:F2} s; {process.WorkingSet64 / 1048576} MB of memory; native libtorch files loaded: {(native.Length == 0 ? "none" : string.Join(", ", native))}"));
    }
}
