using System.Net;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>A report as one page: a fixed template whose script draws the report's own JSON.</summary>
internal static class HtmlReport
{
    private const string Resource = "Microsoft.ML.HLstm.Reports.report.html";

    private static readonly Lazy<string> _template = new(() =>
    {
        using var reader = new StreamReader(typeof(HtmlReport).Assembly.GetManifestResourceStream(Resource)!);
        return reader.ReadToEnd();
    });

    public static string Write(TrainingReport report) => _template.Value
        .Replace("{{title}}", WebUtility.HtmlEncode(report.Task), StringComparison.Ordinal)
        .Replace("{{report}}", JsonReport.WriteCompact(report), StringComparison.Ordinal);
}
