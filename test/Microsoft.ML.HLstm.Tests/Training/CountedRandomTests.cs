using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class CountedRandomTests
{
    [TestMethod]
    public void It_draws_what_Random_draws() => CollectionAssert.AreEqual(Draw(new Random(5)), Draw(new CountedRandom(5)));

    [TestMethod]
    public void It_goes_on_after_any_number_of_draws()
    {
        var random = new CountedRandom(7);
        _ = Draw(random);
        CountedRandom later = CountedRandom.After(7, random.Draws);

        CollectionAssert.AreEqual(Draw(random), Draw(later));
        Assert.Throws<ArgumentOutOfRangeException>(() => later.SkipTo(1));
    }

    private static double[] Draw(Random random)
    {
        int[] order = [.. Enumerable.Range(0, 100)];
        random.Shuffle(order);
        byte[] bytes = new byte[3];
        random.NextBytes(bytes);
        return [.. order, .. bytes, random.Next(), random.Next(10), random.Next(-5, 5), random.NextDouble(), random.NextSingle(), random.NextInt64()];
    }
}
