using System.Diagnostics;
using System.Reflection;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>
/// Runs a static method in a new process, for what depends on nothing having happened before: which libraries are loaded,
/// which classes ML.NET knows.
/// </summary>
internal static class FreshProcess
{
    private const string Switch = "--fresh-process";

    /// <summary>Runs a static method that takes texts and returns one; what it returns comes back.</summary>
    public static string Run(Func<string[], string> method, params string[] arguments) => RunIn(AppContext.BaseDirectory, method, arguments);

    /// <summary>The same with the copy of the tests that is in a folder.</summary>
    public static string RunIn(string folder, Func<string[], string> method, params string[] arguments)
    {
        using Process process = StartIn(folder, method, arguments);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, $"{method.Method.Name} in a process of its own:\n{output}{errors.Result}");
        return output;
    }

    /// <summary>Starts the same and leaves it running.</summary>
    public static Process Start(Func<string[], string> method, params string[] arguments) => StartIn(AppContext.BaseDirectory, method, arguments);

    private static Process StartIn(string folder, Func<string[], string> method, string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(folder, Path.GetFileName(typeof(FreshProcess).Assembly.Location)));
        foreach (string argument in (string[])[Switch, method.Method.DeclaringType!.FullName!, method.Method.Name, .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    /// <summary>What <c>dotnet</c> is to be told for a method to run in a process that something else starts.</summary>
    public static string[] CommandLine(Func<string[], string> method, params string[] arguments) =>
        [typeof(FreshProcess).Assembly.Location, Switch, method.Method.DeclaringType!.FullName!, method.Method.Name, .. arguments];

    /// <summary>Tells whether a command line asks for a method rather than for the tests.</summary>
    public static bool IsAsked(string[] args) => args.Length >= 3 && args[0] == Switch;

    /// <summary>Runs the method that a command line asks for.</summary>
    public static int Serve(string[] args)
    {
        MethodInfo method = typeof(FreshProcess).Assembly.GetType(args[1], throwOnError: true)!
            .GetMethod(args[2], BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        Console.Out.Write(method.CreateDelegate<Func<string[], string>>()(args[3..]));
        return 0;
    }
}
