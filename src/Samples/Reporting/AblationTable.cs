using System.Globalization;
using System.Text;
using Microsoft.ML.HLstm;
using Samples.Commands;
using Spectre.Console;

namespace Samples.Reporting;

/// <summary>What an ablation gave: one table on the console, in Markdown and as CSV.</summary>
internal sealed class AblationTable(string metricName)
{
    private readonly List<Row> _rows = [];

    public void Add(AblationVariant variant, TrainedModel model)
    {
        ModelStatistics size = model.Statistics;
        _rows.Add(new Row(variant.Name, model.History.Epochs.Count, model.Metric, size.ActiveParameters, size.ActiveRecurrentParameters, size.FlopsPerStep,
            model.History.Epochs.Sum(entry => entry.Seconds)));
    }

    public void Write(IAnsiConsole console)
    {
        Table table = new Table().Border(TableBorder.Rounded);
        foreach (string name in Header)
            table.AddColumn(new TableColumn(Markup.Escape(name)) { Alignment = name == Header[0] ? Justify.Left : Justify.Right, NoWrap = true });
        foreach (Row row in _rows)
            table.AddRow([.. Cells(row).Select(Markup.Escape)]);
        console.Write(table);
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Header)} |\n|---|{string.Concat(Header.Skip(1).Select(_ => "---:|"))}\n");
        foreach (Row row in _rows)
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Cells(row))} |\n");
        return text.ToString();
    }

    public string ToCsv()
    {
        var text = new StringBuilder($"training,epochs,{metricName},active_parameters,active_recurrent_parameters,flops_per_step,seconds\n");
        foreach (Row row in _rows)
            text.Append(CultureInfo.InvariantCulture, $"{row.Name},{row.Epochs},{row.Metric:R},{row.Parameters},{row.RecurrentParameters},{row.FlopsPerStep},{row.Seconds:R}\n");
        return text.ToString();
    }

    private string[] Header => ["Training", "Epochs", metricName, "Parameters", "Recurrent", "FLOPs/step", "Seconds"];

    private static string[] Cells(Row row) =>
    [
        row.Name, Whole(row.Epochs), row.Metric.ToString("F2", CultureInfo.InvariantCulture), Whole(row.Parameters), Whole(row.RecurrentParameters),
        Whole(row.FlopsPerStep), row.Seconds.ToString("F1", CultureInfo.InvariantCulture),
    ];

    private static string Whole(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private sealed record Row(string Name, int Epochs, double Metric, long Parameters, long RecurrentParameters, long FlopsPerStep, double Seconds);
}
