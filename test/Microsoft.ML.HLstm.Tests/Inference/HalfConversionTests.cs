using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class HalfConversionTests
{
    [TestMethod]
    public void Every_finite_number_keeps_its_value()
    {
        Half[] all = [.. Enumerable.Range(0, 1 << 16).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)];
        float[] singles = new float[all.Length];
        HalfConversion.ToSingle(all, singles);
        for (int i = 0; i < all.Length; i++)
            Assert.AreEqual(BitConverter.SingleToInt32Bits((float)all[i]), BitConverter.SingleToInt32Bits(singles[i]), $"{all[i]}");
    }

    [TestMethod]
    public void Any_number_of_them_is_converted_and_no_more()
    {
        for (int count = 0; count < 40; count++)
        {
            float[] singles = new float[41];
            HalfConversion.ToSingle([.. Enumerable.Range(1, count).Select(i => (Half)i)], singles);
            CollectionAssert.AreEqual(Enumerable.Range(1, 41).Select(i => i <= count ? (float)i : 0f).ToArray(), singles);
        }
    }
}
