using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Tests.Experiments;

[TestClass]
public class ParetoRankingTests
{
    [TestMethod]
    public void Ranks_are_those_of_the_definition()
    {
        var random = new Random(2);
        double[][] points = [.. Enumerable.Range(0, 60).Select(_ => (double[])[random.Next(8), random.Next(8), random.Next(8)])];
        int[] ranks = ParetoRanking.Ranks(points);
        for (int i = 0; i < points.Length; i++)
        {
            int[] above = [.. Enumerable.Range(0, points.Length).Where(j => ParetoRanking.Dominates(points[j], points[i])).Select(j => ranks[j])];
            Assert.AreEqual(above.Length == 0 ? 0 : above.Max() + 1, ranks[i]);
        }
    }

    [TestMethod]
    public void Hypervolume_is_the_share_of_cells_that_are_dominated()
    {
        var random = new Random(3);
        const int Size = 9;
        for (int dimensions = 1; dimensions <= 3; dimensions++)
        {
            double[][] points = [.. Enumerable.Range(0, 12).Select(_ => Enumerable.Range(0, dimensions).Select(_ => (double)random.Next(Size + 2)).ToArray())];
            double[] reference = [.. Enumerable.Repeat((double)Size, dimensions)];
            int cells = 0;
            for (int cell = 0; cell < (int)Math.Pow(Size, dimensions); cell++)
            {
                int[] at = [.. Enumerable.Range(0, dimensions).Select(d => cell / (int)Math.Pow(Size, d) % Size)];
                cells += points.Any(point => point.Zip(at).All(pair => pair.First <= pair.Second)) ? 1 : 0;
            }

            Assert.AreEqual(cells, ParetoRanking.Hypervolume(points, reference), 1e-9);
        }

        Assert.AreEqual(0, ParetoRanking.Hypervolume([], [1, 1]));
    }

    [TestMethod]
    public void Crowding_is_the_room_between_neighbours()
    {
        double[] room = ParetoRanking.Crowding([[0, 4], [1, 2], [4, 0]]);
        Assert.AreEqual(double.PositiveInfinity, room[0]);
        Assert.AreEqual(double.PositiveInfinity, room[2]);
        Assert.AreEqual(2, room[1], 1e-12);
    }
}
