using Microsoft.ML.HLstm;
using ScottPlot;
using ScottPlot.Plottables;

namespace Samples.Reporting;

/// <summary>The picture of a run: validation metric and active connections over epochs, phases shaded.</summary>
internal static class HistoryPlot
{
    private const int Width = 1000;
    private const int Height = 560;

    public static void Save(string path, TrainingHistory history, bool lowerMetricIsBetter)
    {
        using var plot = new Plot();
        double[] epochs = [.. history.Epochs.Select(entry => (double)entry.Epoch)];
        double top = Math.Max(1, history.Epochs.Max(entry => entry.ActiveConnections)) * 1.15;
        ShadePhases(plot, PhaseSummary.From(history, lowerMetricIsBetter), top);

        // A dense network has no masked connections: a line at zero would say the opposite.
        if (history.Epochs.Any(entry => entry.Connections > 0))
            AddConnections(plot, epochs, history);
        else
            plot.Axes.Right.TickGenerator = new ScottPlot.TickGenerators.EmptyTickGenerator();

        Scatter metric = plot.Add.Scatter(epochs, history.Epochs.Select(entry => entry.Metric).ToArray());
        metric.LegendText = $"validation {history.MetricName} (left)";
        metric.Color = Colors.SteelBlue;
        metric.LineWidth = 2;
        metric.MarkerSize = 6;

        plot.XLabel("epoch");
        plot.YLabel("validation " + history.MetricName);
        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.Axes.SetLimitsX(epochs[0] - 0.5, epochs[^1] + 0.5);
        plot.Axes.SetLimitsY(0, top, plot.Axes.Right);
        plot.ShowLegend(Edge.Bottom);
        plot.SavePng(path, Width, Height);
    }

    private static void AddConnections(Plot plot, double[] epochs, TrainingHistory history)
    {
        Scatter active = plot.Add.Scatter(epochs, history.Epochs.Select(entry => (double)entry.ActiveConnections).ToArray());
        active.Axes.YAxis = plot.Axes.Right;
        active.LegendText = "active connections (right)";
        active.Color = Colors.DarkOrange;
        active.LinePattern = LinePattern.Dashed;
        active.MarkerSize = 0;
        active.LineWidth = 2;
        plot.Axes.Right.Label.Text = "active connections";
        plot.Axes.Right.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { LabelFormatter = Thousands };
    }

    private static void ShadePhases(Plot plot, IReadOnlyList<PhaseSummary> phases, double top)
    {
        foreach (PhaseSummary phase in phases)
        {
            double left = phase.FirstEpoch - 0.5;
            HorizontalSpan span = plot.Add.HorizontalSpan(left, phase.LastEpoch + 0.5, ColorOf(phase.Phase).WithAlpha(0.10));
            span.LineStyle.Width = 0;
            Text label = plot.Add.Text(PhaseName.Of(phase.Phase), (left + phase.LastEpoch + 0.5) / 2, top);
            label.Axes.YAxis = plot.Axes.Right;
            label.Alignment = Alignment.UpperCenter;
            label.LabelFontColor = ColorOf(phase.Phase).Darken(0.3);
            label.LabelFontSize = 13;
        }
    }

    private static string Thousands(double value) => value >= 1e6 ? $"{value / 1e6:0.##} M" : value >= 1e3 ? $"{value / 1e3:0.##} k" : $"{value:0}";

    private static Color ColorOf(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Grow => Colors.Green,
        TrainingPhase.ActivationShift => Colors.Purple,
        TrainingPhase.Prune => Colors.Red,
        _ => Colors.Gray,
    };
}
