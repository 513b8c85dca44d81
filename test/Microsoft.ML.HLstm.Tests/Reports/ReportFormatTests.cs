using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.ML.HLstm.Reports;
using Samples;

namespace Microsoft.ML.HLstm.Tests.Reports;

/// <summary>Markdown, JSON and HTML of a report.</summary>
[TestClass]
public sealed partial class ReportFormatTests
{
    [TestMethod]
    public void Json_has_every_value_in_full_precision_also_without_a_metric()
    {
        TrainingReport report = TrainedReport.Report;
        TrainingHistoryEntry[] epochs = [report.History.Epochs[0] with { Metric = double.NaN, Loss = 1.0 / 3 }, .. report.History.Epochs.Skip(1)];
        report = report with { History = report.History with { Epochs = epochs, Decisions = ["One <thing>."] } };

        TrainingReport read = JsonReport.Read(System.Text.Encoding.UTF8.GetBytes(report.ToJson()));

        CollectionAssert.AreEqual(epochs, read.History.Epochs.ToArray());
        Assert.AreEqual(report.ToJson(), read.ToJson());
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.AreEqual("NaN", json.RootElement.GetProperty("history").GetProperty("epochs")[0].GetProperty("metric").GetString());
        Assert.AreEqual("Prune", json.RootElement.GetProperty("phases").EnumerateArray().Last().GetProperty("phase").GetString());
    }

    [TestMethod]
    public void Html_loads_nothing_and_no_name_ends_its_script()
    {
        string html = TrainedReport.Report.ToHtml();

        // The namespace of SVG is a name, not an address that anything is loaded from.
        Assert.DoesNotContain("://", html.Replace("\"http://www.w3.org/2000/svg\"", "", StringComparison.Ordinal));
        Assert.IsFalse(Loads().IsMatch(html));
        Assert.DoesNotContain("{{", html);
        Assert.AreEqual(2, Regex.Count(html, "</script>"));
        string embedded = html.Split("id=\"report\">")[1].Split("</script>")[0];
        Assert.AreEqual(TrainedReport.Report.ToJson(), JsonReport.Read(System.Text.Encoding.UTF8.GetBytes(embedded)).ToJson());
    }

    [TestMethod]
    public void Markdown_tables_have_as_many_cells_in_every_row_as_in_their_header()
    {
        string[] lines = TrainedReport.Report.ToMarkdown().Split('\n');
        int rows = 0;
        for (int i = 0, cells = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith('|'))
                continue;
            int found = Regex.Count(lines[i], @"(?<!\\)\|");
            cells = lines[i - 1].StartsWith('|') ? cells : found;
            Assert.AreEqual(cells, found, lines[i]);
            rows++;
        }

        Assert.IsGreaterThan(TrainedReport.Report.Options.Count + TrainedReport.Report.Matrices.Count, rows);
        Assert.Contains("seed 1", lines[2]);
    }

    [TestMethod]
    public void Saving_writes_all_three_into_a_new_folder()
    {
        using var folder = new TempFolder();
        string deep = Path.Combine(folder.Path, "a", "b");

        TrainedReport.Report.Save(deep);

        Assert.AreEqual(TrainedReport.Report.ToMarkdown(), File.ReadAllText(Path.Combine(deep, "report.md")));
        Assert.AreEqual(TrainedReport.Report.ToJson(), File.ReadAllText(Path.Combine(deep, "report.json")));
        Assert.AreEqual(TrainedReport.Report.ToHtml(), File.ReadAllText(Path.Combine(deep, "report.html")));
        Assert.Throws<ArgumentException>(() => TrainedReport.Report.Save(" "));
    }

    [GeneratedRegex(@"\b(src|href)\s*=|url\(|@import|fetch\(|XMLHttpRequest|import\(", RegexOptions.IgnoreCase)]
    private static partial Regex Loads();
}
