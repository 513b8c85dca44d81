using System.Diagnostics;
using System.Runtime;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// Runs what is to be timed until the compiler has done its work on it. The runtime improves methods in the background, for up
/// to three seconds in a young process, and a row takes a fraction of its time afterwards. It starts a tenth of a second after
/// the last new method, and pauses now and then.
/// </summary>
internal static class CompilerWarmUp
{
    private const double QuietSeconds = 0.5, MostSeconds = 6;

    /// <summary>Methods that other threads may have had compiled, which are no sign of work on this one.</summary>
    private const int StrayMethods = 2;

    /// <summary>Runs at least once, until no method was compiled for half a second, or six seconds have passed.</summary>
    public static void Run(Action run, CancellationToken cancellationToken = default)
    {
        Stopwatch whole = Stopwatch.StartNew(), quiet = Stopwatch.StartNew();
        long compiled = 0;
        do
        {
            run();
            cancellationToken.ThrowIfCancellationRequested();
            if (JitInfo.GetCompiledMethodCount() is long now && now > compiled + StrayMethods)
            {
                compiled = now;
                quiet.Restart();
            }
        }
        while (quiet.Elapsed.TotalSeconds < QuietSeconds && whole.Elapsed.TotalSeconds < MostSeconds);
    }
}
