using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class ActivationsTests
{
    private static readonly float[] _values = [.. Enumerable.Range(-20, 43).Select(i => i / 4f), float.NegativeInfinity, float.PositiveInfinity, float.NaN, -0f];

    [TestMethod]
    public void Relu_keeps_what_is_above_zero()
    {
        for (int count = 0; count <= _values.Length; count++)
        {
            float[] values = _values[^count..];
            GateActivation.Relu.Apply(values);
            for (int i = 0; i < count; i++)
                Assert.AreEqual(Math.Max(_values[^count..][i], 0), values[i]);
        }
    }

    [TestMethod]
    public void Leaky_relu_keeps_a_little_of_what_is_below()
    {
        float[] values = [.. _values];
        GateActivation.LeakyRelu.Apply(values);
        for (int i = 0; i < values.Length; i++)
            Assert.AreEqual(_values[i] < 0 ? _values[i] * CellWeights.LeakySlope : _values[i], values[i]);
    }
}
