using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class LogSoftmaxTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    [DataRow(16)]
    [DataRow(48)]
    public void Normalizers_are_logarithms_of_summed_exponentials(int lanes)
    {
        foreach (int size in new[] { 1, 2, 15, 16, 17, 5003 })
        {
            foreach (double scale in new[] { 0.1, 10, 1000 })
            {
                float[] scores = new RandomWeights(size).Vector(size * lanes, scale);
                float[] normalizers = new float[lanes];
                LogSoftmax.Normalizers(scores, lanes, normalizers);
                for (int lane = 0; lane < lanes; lane++)
                {
                    double[] own = [.. Enumerable.Range(0, size).Select(row => (double)scores[(row * lanes) + lane])];
                    double expected = own.Max() + Math.Log(own.Sum(score => Math.Exp(score - own.Max())));
                    Assert.AreEqual(expected, normalizers[lane], 1e-6 * (1 + Math.Abs(expected)), $"size {size}, scale {scale}, lane {lane}");
                }
            }
        }
    }
}
