using System.Globalization;
using System.Text;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// The folder of an experiment: every trial is a JSON file as soon as it begins and again when it ends, and a row of the CSV.
/// </summary>
internal sealed class ExperimentFolder
{
    private const string Running = ".running.json";
    private readonly List<string> _names;
    private readonly string _metricName;
    private readonly string _trials;

    /// <summary>Opens a folder, or makes it.</summary>
    /// <param name="path">The folder; null for a new one.</param>
    /// <param name="fingerprint">What must be the same for an experiment to go on there, by name.</param>
    /// <param name="metricName">The metric.</param>
    /// <param name="names">The parameters.</param>
    /// <exception cref="InvalidOperationException">There is an experiment with other settings; the message says which.</exception>
    /// <exception cref="InvalidDataException">A file there is damaged.</exception>
    public ExperimentFolder(string? path, IReadOnlyDictionary<string, string> fingerprint, string metricName, IEnumerable<string> names)
    {
        (_metricName, _names) = (metricName, [.. names]);
        Path = path is null ? Directory.CreateTempSubdirectory("experiment-").FullName : Directory.CreateDirectory(path).FullName;
        _trials = Directory.CreateDirectory(System.IO.Path.Combine(Path, "trials")).FullName;
        Directory.CreateDirectory(System.IO.Path.Combine(Path, "models"));
        string file = System.IO.Path.Combine(Path, "experiment.json");
        if (File.Exists(file))
            Compare(TrialJson.Read<Dictionary<string, string>>(file), fingerprint);
        else
            TrialJson.Write(file, fingerprint);
        // A folder may have been moved: the models are where it is now.
        Finished = [.. Directory.GetFiles(_trials, "*.json").Where(name => !name.EndsWith(Running, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(TrialJson.Read<TrialResult>).Select(result => result with { TrialSettings = Here(result.TrialSettings) })];
        HashSet<int> finished = [.. Finished.Select(result => result.TrialSettings.TrialId)];
        BrokenOff = [.. Directory.GetFiles(_trials, "*" + Running).Order(StringComparer.Ordinal).Select(TrialJson.Read<TrialSettings>).Select(Here).Where(trial => !finished.Contains(trial.TrialId))];
    }

    /// <summary>The whole path.</summary>
    public string Path { get; }

    /// <summary>Trials that had ended when the folder was opened, in order.</summary>
    public IReadOnlyList<TrialResult> Finished { get; }

    /// <summary>Trials that were running when the experiment was killed.</summary>
    public IReadOnlyList<TrialSettings> BrokenOff { get; }

    /// <summary>The zip of a trial.</summary>
    public string ModelPath(int trialId) => System.IO.Path.Combine(Path, "models", string.Create(CultureInfo.InvariantCulture, $"{trialId:D4}.zip"));

    /// <summary>Where the report is.</summary>
    public string ReportPath => System.IO.Path.Combine(Path, "report.html");

    /// <summary>Writes that a trial begins.</summary>
    public void Begin(TrialSettings trial) => TrialJson.Write(Trial(trial.TrialId) + Running, trial);

    /// <summary>Writes that a trial has ended, and all trials as CSV.</summary>
    public void End(TrialResult result, IEnumerable<TrialResult> all)
    {
        TrialJson.Write(Trial(result.TrialSettings.TrialId) + ".json", result);
        File.Delete(Trial(result.TrialSettings.TrialId) + Running);
        AtomicFile.Write(System.IO.Path.Combine(Path, "trials.csv"), Csv(all));
    }

    private TrialSettings Here(TrialSettings trial) => trial with
    {
        ModelPath = ModelPath(trial.TrialId),
        InitialModelPath = trial.ContinuedFrom is { } from ? ModelPath(from) : null,
    };

    private string Trial(int trialId) => System.IO.Path.Combine(_trials, trialId.ToString("D4", CultureInfo.InvariantCulture));

    private string Csv(IEnumerable<TrialResult> all)
    {
        var text = new StringBuilder();
        Line(["trial", "succeeded", "budget", "continued_from", _metricName, "parameters", "latency_ms", "zip_bytes", "seconds", "peak_mb", .. _names, "exception"]);
        foreach (TrialResult result in all)
        {
            TrialSettings trial = result.TrialSettings;
            Line([
                trial.TrialId, result.Succeeded ? 1 : 0, trial.Budget, trial.ContinuedFrom, result.Metric, result.Parameters, result.LatencyInMilliseconds, result.ZipBytes,
                result.DurationInMilliseconds / 1000, result.PeakMemoryInMegaByte, .. _names.Select(trial.Parameter.Find), result.Exception?.ReplaceLineEndings(" ")]);
        }

        return text.ToString();

        void Line(IEnumerable<object?> values) => text.AppendJoin(',', values.Select(value => value is null ? "" : Quoted(ParameterSet.Text(value)))).Append('\n');
    }

    private static string Quoted(string value) => value.AsSpan().ContainsAny(",\"\n") ? $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : value;

    private void Compare(Dictionary<string, string> there, IReadOnlyDictionary<string, string> wanted)
    {
        foreach (string name in wanted.Keys.Union(there.Keys))
        {
            string? has = there.GetValueOrDefault(name), asked = wanted.GetValueOrDefault(name);
            if (has != asked)
                throw new InvalidOperationException($"The folder {Path} has an experiment whose '{name}' is '{has ?? "not set"}', and this one's is '{asked ?? "not set"}'; take another folder, or the same settings.");
        }
    }
}
