namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Mel features in double precision, straight from their formulas.</summary>
internal static class NaiveMel
{
    /// <summary>The logarithms of the energies under the triangles.</summary>
    public static double[] LogEnergies(double[] power, int fftLength, int rate, int bands, double lowest, double highest)
    {
        double[] corners = [.. Enumerable.Range(0, bands + 2).Select(i => Hertz(Mel(lowest) + i * (Mel(highest) - Mel(lowest)) / (bands + 1)))];
        return [.. Enumerable.Range(0, bands).Select(band => Math.Log(Math.Max(1e-10, power
            .Select((energy, bin) => energy * Triangle((double)bin * rate / fftLength, corners[band], corners[band + 1], corners[band + 2])).Sum())))];
    }

    /// <summary>The orthonormal DCT-II.</summary>
    public static double[] Cosines(double[] values, int coefficients) => [.. Enumerable.Range(0, coefficients).Select(k =>
        Math.Sqrt((k == 0 ? 1.0 : 2.0) / values.Length) * values.Select((value, j) => value * Math.Cos(Math.PI * k * (2 * j + 1) / (2.0 * values.Length))).Sum())];

    private static double Triangle(double f, double left, double centre, double right) =>
        f <= left || f >= right ? 0 : f <= centre ? (f - left) / (centre - left) : (right - f) / (right - centre);

    private static double Mel(double hertz) => 1127.01048 * Math.Log(1 + hertz / 700);

    private static double Hertz(double mel) => 700 * (Math.Exp(mel / 1127.01048) - 1);
}
