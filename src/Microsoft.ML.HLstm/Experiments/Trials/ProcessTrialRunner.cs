using System.Diagnostics;
using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm;

/// <summary>
/// Runs each trial in a process of its own, so that one that crashes or runs out of memory is a failed trial and not the end of
/// the experiment. The program is one's own: it makes the same experiment and calls
/// <see cref="SequenceExperiment.RunTrial"/> with the file that comes as its last argument. Its standard input ends
/// when this process does.
/// </summary>
/// <param name="fileName">The program to run.</param>
/// <param name="arguments">Its arguments before the trial's file.</param>
public sealed class ProcessTrialRunner(string fileName, params IReadOnlyList<string> arguments) : ITrialRunner
{
    private const int LinesKept = 20;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The process ended without a result; the message has its exit code and what it wrote last.</exception>
    /// <exception cref="InsufficientMemoryException">The process used more memory than is allowed, and was ended.</exception>
    public async Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string request = settings.ModelPath + ".trial.json";
        TrialJson.Write(request, settings);
        var start = new ProcessStartInfo(fileName, [.. arguments, request]) { RedirectStandardError = true, RedirectStandardInput = true, RedirectStandardOutput = true };
        var said = new Queue<string>();
        try
        {
            using var process = new Process { StartInfo = start };
            process.ErrorDataReceived += (_, line) => Keep(line.Data);
            process.OutputDataReceived += (_, _) => { };
            process.Start();
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            using var watch = new MemoryWatch(() => WorkingSet(process), settings.MaximumMemoryUsageInMegaByte, ct);
            try
            {
                await process.WaitForExitAsync(watch.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                watch.ThrowIfExceeded();
                throw;
            }

            string answer = ResultPath(request);
            if (!File.Exists(answer))
                throw new InvalidOperationException($"The process of the trial ended with exit code {process.ExitCode} and without a result. It wrote last: {LastLines()}");
            TrialResult result = TrialJson.Read<TrialResult>(answer);
            return result with { TrialSettings = settings, PeakMemoryInMegaByte = watch.PeakInMegaByte };
        }
        finally
        {
            File.Delete(request);
            File.Delete(ResultPath(request));
        }

        void Keep(string? line)
        {
            lock (said)
            {
                if (line is not null)
                    said.Enqueue(line);
                if (said.Count > LinesKept)
                    said.Dequeue();
            }
        }

        string LastLines()
        {
            lock (said)
                return said.Count == 0 ? "nothing." : string.Join(Environment.NewLine, said);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>Where the result of a trial's file is written.</summary>
    internal static string ResultPath(string request) => request + ".result";

    private static long WorkingSet(Process process)
    {
        try
        {
            process.Refresh();
            return process.HasExited ? 0 : process.WorkingSet64;
        }
        catch (InvalidOperationException)
        {
            // It ended between the two.
            return 0;
        }
    }
}
