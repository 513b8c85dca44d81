using Microsoft.ML.HLstm;
using SkiaSharp;

namespace Samples.Reporting;

/// <summary>
/// The picture of a run: validation metric and active connections over epochs, phases shaded. Drawn with the SkiaSharp 2 that ML.NET's
/// images are made with: plotting packages ask for SkiaSharp 3, with which ML.NET cannot read pixels.
/// </summary>
internal static class HistoryPlot
{
    private const int Width = 1000;
    private const int Height = 560;
    private const int Ticks = 5;
    private const float Headroom = 1.15f;
    private static readonly SKRect _area = new(80, 20, Width - 90, Height - 90);

    public static void Save(string path, TrainingHistory history, bool lowerMetricIsBetter)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        SKCanvas canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        (double first, double last) = (history.Epochs[0].Epoch - 0.5, history.Epochs[^1].Epoch + 0.5);
        float X(double epoch) => (float)(_area.Left + ((epoch - first) / (last - first) * _area.Width));
        ShadePhases(canvas, PhaseSummary.From(history, lowerMetricIsBetter), X);
        EpochAxis(canvas, history, X);

        // A dense network has no masked connections: a line at zero would say the opposite.
        if (history.Epochs.Any(entry => entry.Connections > 0))
            Curve(canvas, history, entry => entry.ActiveConnections, "active connections", Thousands, SKColors.DarkOrange, right: true, X);
        Curve(canvas, history, entry => entry.Metric, $"validation {history.MetricName}", value => $"{value:0.##}", SKColors.SteelBlue, right: false, X);
        using var frame = new SKPaint { Style = SKPaintStyle.Stroke, Color = SKColors.Gray, IsAntialias = true };
        canvas.DrawRect(_area, frame);
        using SKImage image = surface.Snapshot();
        using SKData png = image.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream file = File.Create(path);
        png.SaveTo(file);
    }

    private static void Curve(SKCanvas canvas, TrainingHistory history, Func<TrainingHistoryEntry, double> value, string name, Func<double, string> format, SKColor color, bool right, Func<double, float> x)
    {
        double top = history.Epochs.Max(value) * Headroom is double highest && highest > 0 ? highest : 1;
        float Y(double v) => (float)(_area.Bottom - (v / top * _area.Height));
        using var line = new SKPaint { Style = SKPaintStyle.Stroke, Color = color, StrokeWidth = 2, IsAntialias = true, PathEffect = right ? SKPathEffect.CreateDash([8, 5], 0) : null };
        using var curve = new SKPath();
        curve.AddPoly([.. history.Epochs.Select(entry => new SKPoint(x(entry.Epoch), Y(Math.Max(0, value(entry)))))], close: false);
        canvas.DrawPath(curve, line);
        for (int tick = 0; tick <= Ticks; tick++)
        {
            double at = top * tick / Ticks;
            Text(canvas, format(at), right ? _area.Right + 8 : _area.Left - 8, Y(at) + 4, SKColors.Black, right ? SKTextAlign.Left : SKTextAlign.Right);
        }

        Text(canvas, $"{name} ({(right ? "right, dashed" : "left")})", right ? _area.Right : _area.Left, Height - 20, color, right ? SKTextAlign.Right : SKTextAlign.Left);
    }

    private static void EpochAxis(SKCanvas canvas, TrainingHistory history, Func<double, float> x)
    {
        int step = Math.Max(1, (history.Epochs.Count + 9) / 10);
        for (int i = 0; i < history.Epochs.Count; i += step)
            Text(canvas, $"{history.Epochs[i].Epoch}", x(history.Epochs[i].Epoch), _area.Bottom + 20, SKColors.Black, SKTextAlign.Center);
        Text(canvas, "epoch", _area.MidX, _area.Bottom + 42, SKColors.Black, SKTextAlign.Center);
    }

    private static void ShadePhases(SKCanvas canvas, IReadOnlyList<PhaseSummary> phases, Func<double, float> x)
    {
        foreach (PhaseSummary phase in phases)
        {
            (float left, float right) = (x(phase.FirstEpoch - 0.5), x(phase.LastEpoch + 0.5));
            using var shade = new SKPaint { Color = ColorOf(phase.Phase).WithAlpha(26) };
            canvas.DrawRect(new SKRect(left, _area.Top, right, _area.Bottom), shade);
            Text(canvas, PhaseName.Of(phase.Phase), (left + right) / 2, _area.Top + 18, ColorOf(phase.Phase), SKTextAlign.Center);
        }
    }

    private static void Text(SKCanvas canvas, string text, float x, float y, SKColor color, SKTextAlign align)
    {
        using var paint = new SKPaint { Color = color, TextSize = 14, TextAlign = align, IsAntialias = true };
        canvas.DrawText(text, x, y, paint);
    }

    private static string Thousands(double value) => value >= 1e6 ? $"{value / 1e6:0.##} M" : value >= 1e3 ? $"{value / 1e3:0.##} k" : $"{value:0}";

    private static SKColor ColorOf(TrainingPhase phase) => phase switch
    {
        TrainingPhase.Grow => SKColors.Green,
        TrainingPhase.ActivationShift => SKColors.Purple,
        TrainingPhase.Prune => SKColors.Red,
        _ => SKColors.Gray,
    };
}
