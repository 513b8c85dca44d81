using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class VectorFunctionsTests
{
    private const double Bound = 2e-7;

    private delegate Vector512<float> Function(Vector512<float> x);

    private delegate Vector256<float> NarrowFunction(Vector256<float> x);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Sigmoid_is_close_and_monotonic(bool narrow) =>
        Check(narrow ? Wide(VectorFunctions.Sigmoid) : VectorFunctions.Sigmoid, x => 1 / (1 + Math.Exp(-x)), Bound);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Tanh_is_close_and_monotonic(bool narrow) =>
        Check(narrow ? Wide(VectorFunctions.Tanh) : VectorFunctions.Tanh, Math.Tanh, Bound);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Exp_is_close_and_monotonic(bool narrow) =>
        Check(narrow ? Wide(VectorFunctions.Exp) : VectorFunctions.Exp, x => x > 88.72f ? double.PositiveInfinity : Math.Exp(x), double.NaN);

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Infinities_are_exact_and_NaN_stays(bool narrow)
    {
        float[] special = [float.NegativeInfinity, float.MinValue, float.MaxValue, float.PositiveInfinity, float.NaN, BitConverter.UInt32BitsToSingle(0xFFC12345), 0, -0f];
        float[] Of(Function function) => [.. special.Select(x => function(Vector512.Create(x))[3])];
        CollectionAssert.AreEqual(new[] { 0, 0, 1, 1, float.NaN, float.NaN, 0.5f, 0.5f }, Of(narrow ? Wide(VectorFunctions.Sigmoid) : VectorFunctions.Sigmoid));
        CollectionAssert.AreEqual(new[] { -1, -1, 1, 1, float.NaN, float.NaN, 0, -0f }, Of(narrow ? Wide(VectorFunctions.Tanh) : VectorFunctions.Tanh));
        CollectionAssert.AreEqual(new[] { 0, 0, float.PositiveInfinity, float.PositiveInfinity, float.NaN, float.NaN, 1, 1 }, Of(narrow ? Wide(VectorFunctions.Exp) : VectorFunctions.Exp));
    }

    [TestMethod]
    public void Spans_of_every_length_are_computed_in_place()
    {
        for (int length = 0; length < 40; length++)
        {
            float[] values = [.. Enumerable.Range(0, length).Select(i => (i - 20) / 5f)], again = [.. values, 7];
            VectorFunctions.Sigmoid(values);
            VectorFunctions.Tanh(again.AsSpan(..length));
            for (int i = 0; i < length; i++)
            {
                Assert.AreEqual(1 / (1 + Math.Exp(-(i - 20) / 5.0)), values[i], Bound);
                Assert.AreEqual(Math.Tanh((i - 20) / 5.0), again[i], Bound);
            }

            Assert.AreEqual(7, again[length]);
        }
    }

    /// <summary>
    /// Walks up through float32: every 997th of all, every one of some stretches. Beside the absolute bound, or without it the
    /// relative one of the exponential, no value may lie below the one before.
    /// </summary>
    private static void Check(Function function, Func<double, double> reference, double bound)
    {
        Walk(function, reference, bound, Ordinal(float.MinValue), Ordinal(float.MaxValue), 997);
        foreach ((float from, float to) in ((float, float)[])[(-88, -86.9f), (-17.4f, -17.3f), (-0.70f, -0.68f), (-1e-3f, -0.99e-3f), (0.340f, 0.352f), (0.69f, 0.70f), (1, 1.05f), (8.9f, 9.1f), (43.4f, 43.7f), (87, 89)])
            Walk(function, reference, bound, Ordinal(from), Ordinal(to), 1);
    }

    private static void Walk(Function function, Func<double, double> reference, double bound, int first, int last, int step)
    {
        float before = float.NegativeInfinity;
        Span<float> x = stackalloc float[Vector512<float>.Count];
        for (long at = first; at <= last; at += (long)step * x.Length)
        {
            for (int lane = 0; lane < x.Length; lane++)
                x[lane] = Value((int)Math.Min(last, at + (long)lane * step));
            Vector512<float> y = function(Vector512.Create<float>(x));
            for (int lane = 0; lane < x.Length; lane++)
            {
                double expected = reference(x[lane]);
                double allowed = double.IsNaN(bound) ? ExpBound(x[lane], expected) : bound;
                if (y[lane] < before || !(Math.Abs(y[lane] - expected) <= allowed || y[lane] == (float)expected))
                    Assert.Fail($"At {x[lane]:R}: {y[lane]:R} after {before:R}; {expected:R} is right.");
                before = y[lane];
            }
        }
    }

    /// <summary>The code for processors without AVX-512, which runs on all.</summary>
    private static Function Wide(NarrowFunction function) => x => Vector512.Create(function(x.GetLower()), function(x.GetUpper()));

    private static double ExpBound(float x, double expected) => x < -87 ? 1.7e-38 : expected * 2e-7 * (1 + Math.Abs(x) / 3);

    /// <summary>Consecutive integers for consecutive numbers.</summary>
    private static int Ordinal(float x) => BitConverter.SingleToInt32Bits(x) is var bits && bits >= 0 ? bits : int.MinValue - bits;

    private static float Value(int ordinal) => BitConverter.Int32BitsToSingle(ordinal >= 0 ? ordinal : int.MinValue - ordinal);
}
