namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// What a value is likely to be at a point, from what it was at others: regression with a Gaussian process (C. E. Rasmussen,
/// C. K. I. Williams, 2006, algorithm 2.1). The covariance is a linear one, so that few points already say which way a value goes,
/// and a squared exponential one with a length scale for each coordinate (automatic relevance determination, section 5.1). The
/// lengths are found by going through the coordinates in turn for the highest marginal likelihood, with a prior that keeps few
/// points from saying too much.
/// </summary>
internal sealed class GaussianProcess
{
    private const int Rounds = 2;

    /// <summary>The weight of the linear covariance, from coordinates of 0 to 1 less their middle.</summary>
    private const double Linear = 2;
    private static readonly double[] _lengths = [0.2, 0.4, 0.8, 1.6, 3.2, 6.4];
    private static readonly double[] _noises = [1e-4, 1e-2, 1e-1];

    private readonly double[][] _points;
    private readonly double _mean;
    private readonly double _scale;
    private readonly double[] _length;
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
        double[] length = [.. points[0].Select(_ => 0.8)];
        double noise = _noises[1];
        double best = LogPosterior(y, length, noise, out _, out _);

        // A shared length first: with few points the coordinates' own ones are found from a good start only.
        foreach (double shared in _lengths)
            Try([.. length.Select(_ => shared)], noise);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (double other in _noises)
                Try(length, other);
            for (int d = 0; d < length.Length; d++)
            {
                foreach (double other in _lengths)
                    Try([.. length.Select((value, i) => i == d ? other : value)], noise);
            }
        }

        _length = length;
        LogPosterior(y, length, noise, out _factor, out _weights);

        void Try(double[] otherLength, double otherNoise)
        {
            double found = LogPosterior(y, otherLength, otherNoise, out _, out _);
            if (found > best)
                (best, length, noise) = (found, otherLength, otherNoise);
        }
    }

    /// <summary>The expected value at a point, and its standard deviation.</summary>
    public (double Mean, double Deviation) Predict(double[] point)
    {
        double[] kernel = [.. _points.Select(other => Kernel(point, other, _length))];
        double[] v = SolveLower(_factor, kernel);
        double variance = Math.Max(1e-9, Kernel(point, point, _length) - v.Sum(value => value * value));
        return (_mean + _scale * kernel.Zip(_weights, (k, w) => k * w).Sum(), _scale * Math.Sqrt(variance));
    }

    /// <summary>The marginal likelihood's logarithm, and that of the prior of the lengths: log-normal around 1, a factor of e wide.</summary>
    private double LogPosterior(double[] y, double[] length, double noise, out double[][] factor, out double[] weights)
    {
        factor = Cholesky([.. _points.Select((p, i) => _points.Take(i + 1).Select((q, j) => Kernel(p, q, length) + (i == j ? noise : 0)).ToArray())]);
        double[] z = SolveLower(factor, y);
        weights = SolveUpper(factor, z);
        return -0.5 * z.Sum(value => value * value) - factor.Select((row, i) => Math.Log(row[i])).Sum() - 0.5 * length.Sum(value => Math.Log(value) * Math.Log(value));
    }

    private static double Kernel(double[] a, double[] b, double[] length)
    {
        double distance = 0, product = 0;
        for (int i = 0; i < a.Length; i++)
        {
            distance += (a[i] - b[i]) * (a[i] - b[i]) / (length[i] * length[i]);
            product += (a[i] - 0.5) * (b[i] - 0.5);
        }

        return Math.Exp(-distance / 2) + Linear * product;
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
