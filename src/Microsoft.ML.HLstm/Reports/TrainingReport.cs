namespace Microsoft.ML.HLstm;

/// <summary>
/// Everything there is to tell about a training run: what was asked for, what happened, what came out. It names no file, no
/// machine and no user. As Markdown, as JSON, and as a page with plots that needs nothing beside itself.
/// </summary>
public sealed record TrainingReport
{
    /// <summary>What the model does, such as "Translation".</summary>
    public required string Task { get; init; }

    /// <summary>The version of Microsoft.ML.HLstm that trained it.</summary>
    public required string LibraryVersion { get; init; }

    /// <summary>The seed of everything random, also where the options left it to the <see cref="MLContext"/>.</summary>
    public required int Seed { get; init; }

    /// <summary>The validation metric of the model that was returned, before its weights were rounded to the precision asked for.</summary>
    public required double Metric { get; init; }

    /// <summary>True for error rates, of which the lowest is best.</summary>
    public bool LowerMetricIsBetter { get; init; }

    /// <summary>How large the model is.</summary>
    public required ModelStatistics Statistics { get; init; }

    /// <summary>What happened, epoch by epoch, and what was decided by measurement.</summary>
    public required TrainingHistory History { get; init; }

    /// <summary>The phases in the order in which they were run.</summary>
    public IReadOnlyList<PhaseSummary> Phases => PhaseSummary.From(History, LowerMetricIsBetter);

    /// <summary>Every matrix whose connections were masked, gate by gate; the others were dense from start to end.</summary>
    public required IReadOnlyList<MatrixSummary> Matrices { get; init; }

    /// <summary>The units inside gates before and after those without connections were removed; empty without gate hidden layers.</summary>
    public required IReadOnlyList<CompactionSummary> Compaction { get; init; }

    /// <summary>Every option that can change the model; those of an options object inside follow under its name.</summary>
    public required IReadOnlyList<ReportedOption> Options { get; init; }

    /// <summary>True when the report goes into the zip with its model.</summary>
    internal bool Saved { get; init; }

    /// <summary>The report on one Markdown page: result, phases, matrices, decisions, options.</summary>
    public string ToMarkdown() => Reports.MarkdownReport.Write(this);

    /// <summary>
    /// The whole report as JSON. Numbers are written so that reading gives the same ones; "NaN" where there is none, as in an
    /// epoch without validation.
    /// </summary>
    public string ToJson() => Reports.JsonReport.Write(this);

    /// <summary>
    /// The report as one HTML page: metric and density over epochs with their values under the pointer, and pictures of each
    /// gate's connections. It loads nothing from anywhere.
    /// </summary>
    public string ToHtml() => Reports.HtmlReport.Write(this);

    /// <summary>Writes <c>report.md</c>, <c>report.json</c> and <c>report.html</c> into a folder, which is made if it is not there.</summary>
    /// <exception cref="ArgumentException">The name of the folder is empty.</exception>
    /// <exception cref="IOException">The folder or a file cannot be written.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "report.md"), ToMarkdown());
        File.WriteAllText(Path.Combine(folder, "report.json"), ToJson());
        File.WriteAllText(Path.Combine(folder, "report.html"), ToHtml());
    }
}
