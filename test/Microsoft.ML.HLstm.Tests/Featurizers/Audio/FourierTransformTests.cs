using System.Numerics;
using Microsoft.ML.HLstm.Featurizers.Audio;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

[TestClass]
public sealed class FourierTransformTests
{
    public static IEnumerable<int> Lengths => [.. Enumerable.Range(2, 65), 77, 97, 121, 128, 160, 221, 320, 441, 480, 512, 509, 882];

    [TestMethod]
    [DynamicData(nameof(Lengths))]
    public void Transform_IsTheSum(int length)
    {
        Random random = new(length);
        FourierTransform fourier = new(length);
        int lanes = Vector<float>.Count;
        // Twice, because nothing may be left of the first time.
        for (int round = 0; round < 2; round++)
        {
            Complex[][] signals = [.. Enumerable.Range(0, lanes).Select(_ => Enumerable.Range(0, length)
                .Select(_ => new Complex((float)(2 * random.NextDouble() - 1), (float)(2 * random.NextDouble() - 1))).ToArray())];
            for (int j = 0; j < length; j++)
                fourier.Values[j] = new ComplexLanes(Lanes(lane => signals[lane][j].Real), Lanes(lane => signals[lane][j].Imaginary));

            fourier.Transform();

            for (int lane = 0; lane < lanes; lane++)
            {
                for (int k = 0; k < length; k++)
                {
                    Complex expected = Sum(signals[lane], k), actual = new(fourier.Values[k].Real[lane], fourier.Values[k].Imaginary[lane]);
                    Assert.IsLessThan(2e-6 * Math.Sqrt(length) * Math.Log2(length + 1), Complex.Abs(expected - actual), $"lane {lane}, X[{k}]");
                }
            }
        }
    }

    private static Vector<float> Lanes(Func<int, double> value) => new([.. Enumerable.Range(0, Vector<float>.Count).Select(lane => (float)value(lane))]);

    private static Complex Sum(Complex[] signal, int k)
    {
        Complex sum = 0;
        for (int j = 0; j < signal.Length; j++)
            sum += signal[j] * Complex.FromPolarCoordinates(1, -2 * Math.PI * ((long)j * k % signal.Length) / signal.Length);
        return sum;
    }
}
