using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class HLstmCellScorerTests
{
    private static readonly Dictionary<string, int[][]> _shapes = new()
    {
        ["plain"] = [],
        ["separate"] = [[9], [9], [9], [9]],
        ["shared"] = [[17]],
        ["ragged"] = [[3], [20], [8], [1]],
        ["two layers"] = [[6, 5], [7, 9], [3, 3], [4, 1]],
        ["three layers, ragged in depth"] = [[6, 5, 4], [7], [3, 12], [4, 2, 8]],
        ["shared, two layers"] = [[12, 7]],
        ["one trunk pruned away"] = [[5], [0], [4], [3]],
        ["second layer pruned away"] = [[5, 3], [4, 0], [0, 2], [3, 1]],
        ["shared trunk pruned away"] = [[0]],
        ["all trunks pruned away"] = [[0], [0], [0], [0]],
    };

    public static IEnumerable<object[]> Cases =>
        from shape in _shapes.Keys
        from density in new[] { 0.1, 1.0 }
        from activation in Enum.GetValues<GateActivation>()
        select new object[] { shape, density, activation };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_step_computes_the_formulas(string shape, double density, GateActivation activation)
    {
        foreach ((int input, int state) in new[] { (1, 1), (7, 5), (33, 20) })
        {
            var random = new RandomWeights(input);
            CellWeights cell = random.Cell("cell", input, state, _shapes[shape], density, activation);
            var scorer = new HLstmCellScorer(cell);
            var scratch = new CellScratch(scorer);
            float[] h = random.Vector(state);
            float[] c = random.Vector(state, 2);
            double[] expectedH = NaiveCell.Double(h);
            double[] expectedC = NaiveCell.Double(c);
            for (int step = 0; step < 4; step++)
            {
                float[] x = random.Vector(input, 2);
                (expectedH, expectedC) = NaiveCell.Step(cell, NaiveCell.Double(x), expectedH, expectedC);
                scorer.Step(x, h, c, scratch);
                AssertClose(expectedH, h);
                AssertClose(expectedC, c);
            }
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Steps_of_states_that_lie_apart_are_those_of_each_vector(string shape, double density, GateActivation activation)
    {
        const int Stride = 13, Count = 7;
        var random = new RandomWeights(Count);
        CellWeights cell = random.Cell("cell", 7, 5, _shapes[shape], density, activation);
        var scorer = new HLstmCellScorer(cell);
        var scratch = new CellScratch(scorer);
        float[] states = random.Vector(Stride * Count);
        (double[] H, double[] C)[] expected = [.. Enumerable.Range(0, Count).Select(v => (NaiveCell.Double(Part(states, v * Stride, 5)), NaiveCell.Double(Part(states, (v * Stride) + 5, 5))))];
        for (int step = 0; step < 3; step++)
        {
            float[] x = random.Vector(7 * Count, 2), rest = Part(states, 10, 3);
            scorer.StepEach(x, states, states.AsSpan(5), Stride, Count, scratch);
            for (int v = 0; v < Count; v++)
            {
                expected[v] = NaiveCell.Step(cell, NaiveCell.Double(Part(x, v * 7, 7)), expected[v].H, expected[v].C);
                AssertClose(expected[v].H, Part(states, v * Stride, 5));
                AssertClose(expected[v].C, Part(states, (v * Stride) + 5, 5));
            }

            CollectionAssert.AreEqual(rest, Part(states, 10, 3));
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void Steps_side_by_side_are_those_of_each_vector(string shape, double density, GateActivation activation)
    {
        foreach (int lanes in new[] { 8, 16, 24 })
        {
            var random = new RandomWeights(lanes);
            CellWeights cell = random.Cell("cell", 7, 5, _shapes[shape], density, activation);
            var scorer = new HLstmCellScorer(cell);
            var scratch = new CellScratch(scorer);
            float[] h = random.Vector(5 * lanes), c = random.Vector(5 * lanes, 2);
            (double[] H, double[] C)[] expected = [.. Enumerable.Range(0, lanes).Select(lane => (NaiveCell.Double(Lane(h, lanes, lane)), NaiveCell.Double(Lane(c, lanes, lane))))];
            for (int step = 0; step < 3; step++)
            {
                float[] x = random.Vector(7 * lanes, 2);
                scorer.Step(x, h, c, lanes, scratch);
                for (int lane = 0; lane < lanes; lane++)
                {
                    expected[lane] = NaiveCell.Step(cell, NaiveCell.Double(Lane(x, lanes, lane)), expected[lane].H, expected[lane].C);
                    AssertClose(expected[lane].H, Lane(h, lanes, lane));
                    AssertClose(expected[lane].C, Lane(c, lanes, lane));
                }
            }
        }
    }

    [TestMethod]
    [DataRow("gate")]
    [DataRow("lstm")]
    public void Inputs_of_a_sequence_are_multiplied_ahead_of_its_steps(string kind)
    {
        // As wide as it takes to make up for putting vectors side by side and taking them apart.
        const int Inputs = 60;
        var random = new RandomWeights(6);
        CellWeights cell = random.Cell("cell", Inputs, 12, kind == "lstm" ? [] : [[17], [17], [17], [17]]);
        var scorer = new HLstmCellScorer(cell, sequences: true);
        Assert.IsNotNull(scorer.Ahead);
        Assert.IsLessThan(scorer.Cost(1), scorer.CostInSequence);
        int stride = scorer.FirstLayerRows + 5;
        float[] x = random.Vector(3 * Inputs), ahead = new float[3 * stride], h = random.Vector(12), c = random.Vector(12);
        (double[] H, double[] C) expected = (NaiveCell.Double(h), NaiveCell.Double(c));
        new VectorBlocks().Apply(scorer.Ahead, x, ahead, stride, 3);
        for (int step = 0; step < 3; step++)
        {
            expected = NaiveCell.Step(cell, NaiveCell.Double([.. x.AsSpan(step * Inputs, Inputs)]), expected.H, expected.C);
            scorer.StepAhead(ahead.AsSpan(step * stride, scorer.FirstLayerRows), h, c, new CellScratch(scorer));
            AssertClose(expected.H, h);
            AssertClose(expected.C, c);
        }
    }

    [TestMethod]
    public void Matrices_of_unequal_density_are_packed_alone()
    {
        var random = new RandomWeights(5);
        CellWeights cell = random.Cell("cell", 7, 5, [[9], [9], [9], [9]]) with { Input = random.Matrix("input", 36, 7, 0.1) };
        var scorer = new HLstmCellScorer(cell);
        float[] x = random.Vector(7), h = random.Vector(5), c = random.Vector(5);
        (double[] expected, _) = NaiveCell.Step(cell, NaiveCell.Double(x), NaiveCell.Double(h), NaiveCell.Double(c));
        scorer.Step(x, h, c, new CellScratch(scorer));
        AssertClose(expected, h);
    }

    [TestMethod]
    public void Saturated_gates_stay_finite()
    {
        CellWeights cell = new RandomWeights(1).Cell("cell", 2, 3, []);
        cell.Input.Values.AsSpan().Fill(1e6f);
        var scorer = new HLstmCellScorer(cell);
        float[] h = new float[3];
        float[] c = new float[3];
        scorer.Step([1, 1], h, c, new CellScratch(scorer));
        Assert.AreEqual(Math.Tanh(1), h[0], 1e-6);
        scorer.Step([-1, -1], h, c, new CellScratch(scorer));
        Assert.AreEqual(0, h[0], 1e-6);
    }

    [TestMethod]
    public void One_scratch_serves_cells_of_different_sizes()
    {
        var random = new RandomWeights(3);
        CellWeights[] cells = [random.Cell("a", 3, 9, [[2, 8], [1], [1], [4]]), random.Cell("b", 3, 4, [[30, 2]]), random.Cell("c", 3, 6, [])];
        HLstmCellScorer[] scorers = [.. cells.Select(cell => new HLstmCellScorer(cell))];
        var shared = new CellScratch(scorers);
        for (int index = 0; index < cells.Length; index++)
        {
            float[] h = new float[cells[index].StateSize];
            float[] c = new float[h.Length];
            scorers[index].Step([1, 2, 3], h, c, shared);
            AssertClose(NaiveCell.Step(cells[index], [1, 2, 3], new double[h.Length], new double[h.Length]).H, h);
        }
    }

    [TestMethod]
    [DataRow("plain")]
    [DataRow("three layers, ragged in depth")]
    // A garbage collection that another thread starts counts what is left of this thread's allocation context, up to 8 KB.
    [DoNotParallelize]
    public void A_step_allocates_nothing_after_the_first(string shape)
    {
        var random = new RandomWeights(2);
        var dense = new HLstmCellScorer(random.Cell("dense", 33, 20, _shapes[shape], 1, GateActivation.LeakyRelu));
        var sparse = new HLstmCellScorer(random.Cell("sparse", 33, 20, _shapes[shape], 0.1, GateActivation.Relu));
        var scratch = new CellScratch(dense, sparse);
        float[] x = random.Vector(33);
        float[] h = new float[20];
        float[] c = new float[20];
        float[] inputs = random.Vector(33 * 8), states = new float[20 * 8], cells = new float[20 * 8];
        void Steps()
        {
            for (int step = 0; step < 100; step++)
            {
                dense.Step(x, h, c, scratch);
                sparse.Step(x, h, c, scratch);
                dense.Step(inputs, states, cells, 8, scratch);
                sparse.Step(inputs, states, cells, 8, scratch);
            }
        }

        Steps();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static float[] Part(float[] values, int start, int length) => values.AsSpan(start, length).ToArray();

    private static float[] Lane(float[] values, int lanes, int lane)
    {
        float[] vector = new float[values.Length / lanes];
        Lanes.Take(values, lanes, lane, vector);
        return vector;
    }

    internal static void AssertClose(double[] expected, ReadOnlySpan<float> actual, double tolerance = 2e-5)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        for (int index = 0; index < expected.Length; index++)
            Assert.AreEqual(expected[index], actual[index], tolerance * (1 + Math.Abs(expected[index])), $"element {index}");
    }
}
