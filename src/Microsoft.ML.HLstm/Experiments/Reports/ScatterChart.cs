using System.Globalization;
using System.Net;
using System.Text;

namespace Microsoft.ML.HLstm.Experiments.Reports;

/// <summary>A chart of models as SVG: a size on a logarithmic axis against the metric, and the front of the two as a line.</summary>
internal sealed class ScatterChart(string xName, string yName, bool lowerIsBetter)
{
    private const double Width = 560, Height = 340, Left = 60, Bottom = 48, Top = 16, Right = 16;

    /// <summary>Draws the chart.</summary>
    /// <param name="points">Place, title and whether it is the best; places are finite, x above 0.</param>
    public string Draw(IReadOnlyList<(double X, double Y, string Title, bool Best)> points)
    {
        if (points.Count == 0)
            return "<p>There is nothing to draw.</p>";
        double low = Math.Log10(points.Min(p => p.X)), high = Math.Log10(points.Max(p => p.X));
        (low, high) = (low - 0.05, high + 0.05);
        double bottom = points.Min(p => p.Y), top = points.Max(p => p.Y), margin = Math.Max(1e-6, (top - bottom) * 0.05);
        (bottom, top) = (bottom - margin, top + margin);
        double X(double value) => Left + (Math.Log10(value) - low) / (high - low) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - (value - bottom) / (top - bottom) * (Height - Bottom - Top);

        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Html(yName)} against {Html(xName)}\">\n");
        foreach (double tick in Logarithmic(low, high))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(tick):F1}\" x2=\"{X(tick):F1}\" y1=\"{Top}\" y2=\"{Height - Bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(tick):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{tick:G3}</text>\n");
        }

        foreach (double tick in Linear(bottom, top))
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(tick):F1}\" y2=\"{Y(tick):F1}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:G4}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<polyline class=\"front\" points=\"{string.Join(' ', Front(points).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.X):F1},{Y(p.Y):F1}")))}\"/>\n");
        foreach ((double x, double y, string title, bool best) in points)
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"{(best ? "best" : "trial")}\" cx=\"{X(x):F1}\" cy=\"{Y(y):F1}\" r=\"{(best ? 6 : 4)}\"><title>{Html(title)}</title></circle>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Width + Left) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{Html(xName)} (logarithmic)</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"14\" y=\"{Height / 2}\" text-anchor=\"middle\" transform=\"rotate(-90 14 {Height / 2})\">{Html(yName)}</text>\n</svg>\n");
        return svg.ToString();
    }

    private IEnumerable<(double X, double Y)> Front(IEnumerable<(double X, double Y, string, bool)> points)
    {
        double best = double.PositiveInfinity;
        foreach ((double x, double y, _, _) in points.OrderBy(p => p.X).ThenBy(p => lowerIsBetter ? p.Y : -p.Y))
        {
            double loss = lowerIsBetter ? y : -y;
            if (loss >= best)
                continue;
            best = loss;
            yield return (x, y);
        }
    }

    /// <summary>1, 2 and 5 of each power of ten.</summary>
    private static IEnumerable<double> Logarithmic(double low, double high) =>
        from power in Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1)
        from digit in (double[])[1, 2, 5]
        let value = digit * Math.Pow(10, power)
        where Math.Log10(value) >= low && Math.Log10(value) <= high
        select value;

    private static IEnumerable<double> Linear(double low, double high)
    {
        double rough = (high - low) / 5, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = ((double[])[1, 2, 5, 10]).First(digit => digit * power >= rough) * power;
        for (double value = Math.Ceiling(low / step) * step; value <= high; value += step)
            yield return Math.Round(value / step) * step;
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);
}
