using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>This program again, in a process of its own.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it with these arguments.</summary>
    public static ProcessStartInfo With(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        // The program may be a library that dotnet was given.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessStartInfo(program, [Assembly.GetExecutingAssembly().Location, .. arguments])
            : new ProcessStartInfo(program, arguments);
    }
}
