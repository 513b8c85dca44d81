namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// What a value is likely to be at a point, from what it was at others: regression with a Gaussian process (C. E. Rasmussen,
/// C. K. I. Williams, 2006, algorithm 2.1). Length scale and noise are those with the highest marginal likelihood of a few.
/// </summary>
internal sealed class GaussianProcess
{
    private static readonly double[] _lengths = [0.3, 0.6, 1.2, 2.4];
    private static readonly double[] _noises = [1e-3, 3e-2];

    private readonly double[][] _points;
    private readonly double _mean;
    private readonly double _scale;
    private readonly double _length;
    private readonly double[][] _factor;
    private readonly double[] _weights;

    /// <summary>Learns from points and their values; at least one.</summary>
    public GaussianProcess(double[][] points, double[] values)
    {
        _points = points;
        _mean = values.Average();
        double deviation = Math.Sqrt(values.Average(value => (value - _mean) * (value - _mean)));
        _scale = deviation > 0 ? deviation : 1;
        double[] y = [.. values.Select(value => (value - _mean) / _scale)];
        double best = double.NegativeInfinity;
        (_factor, _weights) = ([], []);
        foreach ((double length, double noise) in _lengths.SelectMany(length => _noises.Select(noise => (length, noise))))
        {
            double[][] factor = Cholesky([.. points.Select((p, i) => points.Select((q, j) => Kernel(p, q, length) + (i == j ? noise : 0)).ToArray())]);
            double[] z = SolveLower(factor, y);
            double likelihood = -0.5 * z.Sum(value => value * value) - factor.Select((row, i) => Math.Log(row[i])).Sum();
            if (likelihood > best)
                (best, _length, _factor, _weights) = (likelihood, length, factor, SolveUpper(factor, z));
        }
    }

    /// <summary>The expected value at a point, and its standard deviation.</summary>
    public (double Mean, double Deviation) Predict(double[] point)
    {
        double[] kernel = [.. _points.Select(other => Kernel(point, other, _length))];
        double[] v = SolveLower(_factor, kernel);
        double variance = Math.Max(1e-9, 1 - v.Sum(value => value * value));
        return (_mean + _scale * kernel.Zip(_weights, (k, w) => k * w).Sum(), _scale * Math.Sqrt(variance));
    }

    private static double Kernel(double[] a, double[] b, double length)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        return Math.Exp(-sum / (2 * length * length));
    }

    private static double[][] Cholesky(double[][] matrix)
    {
        double[][] factor = [.. matrix.Select((_, i) => new double[i + 1])];
        for (int i = 0; i < matrix.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = matrix[i][j];
                for (int k = 0; k < j; k++)
                    sum -= factor[i][k] * factor[j][k];
                factor[i][j] = i == j ? Math.Sqrt(Math.Max(sum, 1e-12)) : sum / factor[j][j];
            }
        }

        return factor;
    }

    private static double[] SolveLower(double[][] factor, double[] b)
    {
        double[] x = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            double sum = b[i];
            for (int k = 0; k < i; k++)
                sum -= factor[i][k] * x[k];
            x[i] = sum / factor[i][i];
        }

        return x;
    }

    private static double[] SolveUpper(double[][] factor, double[] b)
    {
        double[] x = new double[b.Length];
        for (int i = b.Length - 1; i >= 0; i--)
        {
            double sum = b[i];
            for (int k = i + 1; k < b.Length; k++)
                sum -= factor[k][i] * x[k];
            x[i] = sum / factor[i][i];
        }

        return x;
    }
}
