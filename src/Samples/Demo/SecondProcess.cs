using System.Diagnostics;
using System.Text;
using Samples.Commands;
using Samples.Translate;
using Spectre.Console;

namespace Samples.Demo;

/// <summary>Translates in a process of its own, started in a folder without libtorch.</summary>
internal static class SecondProcess
{
    public static void Show(IAnsiConsole console, string zip, IReadOnlyList<SentencePair> pairs)
    {
        using var copy = new LibtorchFreeCopy(AppContext.BaseDirectory);
        (int files, long bytes, int libtorch) = copy.Inspect();
        Console.WriteLine($"Second process: {files} files of {bytes / 1e6:F0} MB, of libtorch {libtorch}; {copy.LeftOutFiles} native files of {copy.LeftOutBytes / 1e6:F0} MB were left out.");
        if (libtorch != 0)
            throw new SampleException($"The folder {copy.Folder} still has {libtorch} files of libtorch.");

        (string[] translations, string diagnostics) = Translate(copy.Folder, zip, pairs.Select(pair => pair.German));
        Console.WriteLine($"It says: {diagnostics}");
        Table table = new Table().Border(TableBorder.Rounded).AddColumns("German", "Translation", "Reference");
        foreach ((SentencePair pair, string translation) in pairs.Zip(translations))
            table.AddRow(Markup.Escape(pair.German), Markup.Escape(translation), Markup.Escape(pair.English));
        console.Write(table);
    }

    private static (string[] Translations, string Diagnostics) Translate(string folder, string zip, IEnumerable<string> sentences)
    {
        // DOTNET_HOST_PATH is the dotnet that started this program, where there is one.
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (string argument in (string[])["exec", "Samples.dll", "translate", "predict", "--model", zip, "--verbose"])
            start.ArgumentList.Add(argument);

        using Process process = Process.Start(start) ?? throw new SampleException($"{start.FileName} cannot be started.");
        // Both pipes are read while the other one is written: neither can fill up and stop the process.
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        foreach (string sentence in sentences)
            process.StandardInput.WriteLine(sentence);
        process.StandardInput.Close();
        process.WaitForExit();
        return process.ExitCode == 0
            ? (output.Result.TrimEnd('\n', '\r').ReplaceLineEndings("\n").Split('\n'), error.Result.Trim())
            : throw new SampleException($"The second process ended with code {process.ExitCode}: {error.Result.Trim()}");
    }
}
