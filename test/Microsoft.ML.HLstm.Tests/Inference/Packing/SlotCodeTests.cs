using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Tests.Inference.Packing;

[TestClass]
public sealed class SlotCodeTests
{
    [TestMethod]
    public void A_float_slot_keeps_its_column_and_all_but_a_millionth_of_its_weight()
    {
        var random = new Random(1);
        for (int trial = 0; trial < 20_000; trial++)
        {
            float weight = (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-30, 30)));
            int column = random.Next(32);
            float slot = SlotCode.Single(weight, column);
            Assert.AreEqual(column, BitConverter.SingleToInt32Bits(slot) & 31);
            Assert.AreEqual(weight, slot, Math.Abs(weight) / (double)(1 << 19));
        }
    }

    [TestMethod]
    [DataRow(float.MaxValue)]
    [DataRow(float.MinValue)]
    [DataRow(float.Epsilon)]
    [DataRow(-float.Epsilon)]
    [DataRow(1f)]
    public void The_ends_of_the_range_stay_finite_and_keep_their_sign(float weight)
    {
        for (int column = 0; column < 32; column++)
        {
            float slot = SlotCode.Single(weight, column);
            Assert.IsTrue(float.IsFinite(slot));
            Assert.AreEqual(float.IsNegative(weight), float.IsNegative(slot));
            Assert.AreEqual(column, BitConverter.SingleToInt32Bits(slot) & 31);
        }
    }

    [TestMethod]
    public void A_16_bit_slot_is_the_nearest_that_has_its_column()
    {
        var random = new Random(2);
        for (int trial = 0; trial < 2_000; trial++)
        {
            float[] row = [.. Enumerable.Range(0, 3).Select(_ => (float)(random.NextDouble() - 0.5))];
            float scale = SlotCode.ScaleOf(row);
            foreach (float weight in row)
            {
                int column = random.Next(32);
                short slot = SlotCode.Int16(weight, scale, column);
                Assert.AreEqual(column, slot & 31);
                Assert.AreEqual(weight, slot * scale, 16.51 * scale);
            }
        }
    }
}
