using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.HLstm.Experiments.Reports;

/// <summary>An experiment as a page that needs nothing else: charts, what mattered, the front, all trials.</summary>
internal static class ExperimentReport
{
    private const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:1180px;margin:2em auto;padding:0 1em;color:#1b1f24}
        h1,h2{line-height:1.2} .charts{display:flex;flex-wrap:wrap;gap:1em} .charts svg{flex:1 1 440px;max-width:580px}
        svg text{font-size:12px;fill:#57606a} .grid{stroke:#e6e8eb} .front{fill:none;stroke:#0b6bcb;stroke-width:2}
        .trial{fill:#0b6bcb;fill-opacity:.45} .best{fill:#d1242f}
        table{border-collapse:collapse;display:block;overflow-x:auto} th,td{padding:.2em .7em;text-align:right;border-bottom:1px solid #e6e8eb;white-space:nowrap}
        td.text,th.text{text-align:left;white-space:normal} tr.best td{font-weight:600;color:#d1242f} .bar{display:inline-block;height:.8em;background:#0b6bcb}
        """;

    /// <summary>The page.</summary>
    public static string Write(string task, ExperimentResult result)
    {
        var page = new StringBuilder();
        RunDetail best = result.BestRun;
        page.Append(CultureInfo.InvariantCulture, $"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{Html(task)}: experiment</title><style>\n{Style}\n</style></head><body>\n");
        page.Append(CultureInfo.InvariantCulture, $"<h1>{Html(task)}: experiment</h1>\n<p>{result.RunDetails.Count} trials, {result.RunDetails.Count(run => !run.Succeeded)} of them failed, {result.RunDetails.Sum(run => run.RuntimeInSeconds):F0} s of trials. ");
        page.Append(CultureInfo.InvariantCulture, $"The best by the goal is trial {best.TrialId}: {Html(result.MetricName)} {best.Metric:F2}, {best.Parameters:N0} parameters, {best.LatencyInMilliseconds:F2} ms a row, {best.ZipBytes:N0} bytes (red). ");
        page.Append("The line is the front: nothing is better in both.</p>\n<div class=\"charts\">\n");
        page.Append(Chart("parameters", run => run.Parameters)).Append(Chart("milliseconds a row", run => run.LatencyInMilliseconds)).Append("</div>\n");
        ParameterSet same = SameInAll(result.RunDetails);
        if (same.Values.Count > 0)
            page.Append(CultureInfo.InvariantCulture, $"<p>The same in all trials: {Html(same.ToString())}.</p>\n");
        AppendImportances(page, result, same);
        page.Append("<h2>The Pareto front of metric, parameters and latency</h2>\n");
        AppendTable(page, result, result.ParetoFront, same);
        page.Append("<h2>All trials</h2>\n");
        AppendTable(page, result, result.RunDetails, same);
        return page.Append("</body></html>\n").ToString();

        string Chart(string name, Func<RunDetail, double> size) => new ScatterChart(name, result.MetricName, result.LowerMetricIsBetter).Draw(
            [.. result.RunDetails.Where(run => run.Succeeded && size(run) > 0).Select(run => (size(run), run.Metric, Title(result, run), run == best))]);
    }

    private static string Title(ExperimentResult result, RunDetail run) => string.Create(CultureInfo.InvariantCulture,
        $"trial {run.TrialId}: {result.MetricName} {run.Metric:F2}, {run.Parameters:N0} parameters, {run.LatencyInMilliseconds:F2} ms; {run.Parameter}");

    /// <summary>What was not searched over, so that the tables show what was.</summary>
    private static ParameterSet SameInAll(IReadOnlyList<RunDetail> runs) => new(runs.Count < 2 ? [] : runs[0].Parameter.Values
        .Where(entry => runs.All(run => entry.Value.Equals(run.Parameter.Find(entry.Key)))));

    private static void AppendImportances(StringBuilder page, ExperimentResult result, ParameterSet same)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>What mattered most for {Html(result.MetricName)}</h2>\n<p>The share of its variance between trials that each parameter explains alone (epsilon squared).</p>\n<table>\n");
        foreach (ParameterImportance importance in result.Importances.Where(importance => !same.Contains(importance.Name)))
            page.Append(CultureInfo.InvariantCulture, $"<tr><td class=\"text\">{Html(importance.Name)}</td><td>{importance.Share:P0}</td><td class=\"text\"><span class=\"bar\" style=\"width:{importance.Share * 300:F0}px\"></span></td></tr>\n");
        page.Append("</table>\n");
    }

    private static void AppendTable(StringBuilder page, ExperimentResult result, IEnumerable<RunDetail> runs, ParameterSet same)
    {
        page.Append(CultureInfo.InvariantCulture, $"<table><tr><th>trial</th><th>{Html(result.MetricName)}</th><th>parameters</th><th>ms a row</th><th>zip bytes</th><th>budget</th><th>after</th><th>s</th><th class=\"text\">parameter</th></tr>\n");
        foreach (RunDetail run in runs)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr{(run == result.BestRun ? " class=\"best\"" : "")}><td>{run.TrialId}</td>");
            page.Append(run.Succeeded
                ? string.Create(CultureInfo.InvariantCulture, $"<td>{run.Metric:F2}</td><td>{run.Parameters:N0}</td><td>{run.LatencyInMilliseconds:F3}</td><td>{run.ZipBytes:N0}</td>")
                : $"<td class=\"text\" colspan=\"4\">{Html(run.Exception!.Split('\n')[0])}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{run.Budget:P0}</td><td>{run.ContinuedFrom}</td><td>{run.RuntimeInSeconds:F1}</td><td class=\"text\">{Html(new ParameterSet(run.Parameter.Values.Where(value => !same.Contains(value.Key))).ToString())}</td></tr>\n");
        }

        page.Append("</table>\n");
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
