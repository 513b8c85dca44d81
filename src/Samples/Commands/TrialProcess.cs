using System.Reflection;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>Trials of an experiment in processes of their own: this program again, with the same command line and a trial's file.</summary>
internal static class TrialProcess
{
    public static ProcessTrialRunner CreateRunner()
    {
        string program = Environment.ProcessPath ?? "dotnet";
        string[] arguments = [.. Environment.GetCommandLineArgs().Skip(1), ExperimentCommand.TrialOption];
        // The program may be a library that dotnet was given.
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessTrialRunner(program, [Assembly.GetExecutingAssembly().Location, .. arguments])
            : new ProcessTrialRunner(program, arguments);
    }

    /// <summary>Ends this process when the experiment's process ends, however it does: nobody would read the result.</summary>
    public static void EndWithParent()
    {
        var watcher = new Thread(() =>
        {
            using Stream input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }

            Environment.Exit(SampleCommandLine.Failure);
        })
        { IsBackground = true };
        watcher.Start();
    }
}
