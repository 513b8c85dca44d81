using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Inference;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.GrowAndPrune;

[TestClass]
public class CompactionTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(1, false, GateActivation.Relu, 0.03)]
    [DataRow(1, true, GateActivation.LeakyRelu, 0.03)]
    [DataRow(2, false, GateActivation.Tanh, 0.05)]
    [DataRow(3, true, GateActivation.Relu, 0.05)]
    [DataRow(2, false, GateActivation.LeakyRelu, 0.0)]
    public void Compaction_removes_units_and_leaves_outputs_unchanged(int hiddenLayers, bool shared, GateActivation activation, double density)
    {
        CellWeights cell = SparseCell(hiddenLayers, shared, activation, density);

        CellWeights compact = Compaction.Compact(cell, SparsityPattern.Unstructured);

        compact.Validate();
        Assert.IsLessThan(cell.TrunkWidths.Sum(), compact.TrunkWidths.Sum());
        AssertSame(cell, compact);
    }

    [TestMethod]
    public void A_dense_cell_stays_as_it_is()
    {
        CellWeights cell = SparseCell(2, false, GateActivation.Relu, 1);

        CellWeights compact = Compaction.Compact(cell, SparsityPattern.Unstructured);

        CollectionAssert.AreEqual(cell.TrunkWidths, compact.TrunkWidths);
        foreach ((WeightMatrix before, WeightMatrix after) in cell.Matrices.Zip(compact.Matrices))
            CollectionAssert.AreEqual(before.Values, after.Values);
    }

    [TestMethod]
    [DataRow(1, false, 32)]
    [DataRow(2, false, 32)]
    [DataRow(2, true, 40)]
    [DataRow(2, false, 40)]
    public void Blocks_are_removed_whole_and_stay_aligned(int hiddenLayers, bool shared, int width)
    {
        CellWeights cell = PatternCell(hiddenLayers, shared, width, SparsityPattern.Blocks16x1, 0.03);

        CellWeights compact = Compaction.Compact(cell, SparsityPattern.Blocks16x1);

        compact.Validate();
        AssertSame(cell, compact);
        Assert.IsLessThan(cell.Matrices.Sum(m => m.Values.Length), compact.Matrices.Sum(m => m.Values.Length));
        // Blocks of stacked trunks lie across two of them when the width is no multiple of 16.
        if (!shared && width % 16 != 0)
            CollectionAssert.AreEqual(cell.TrunkWidths, compact.TrunkWidths);
        foreach (WeightMatrix matrix in compact.Matrices)
        {
            foreach (int[] block in Patterns.Groups(SparsityPattern.Blocks16x1, 1, matrix.Rows, matrix.Columns).SelectMany(group => group))
                Assert.HasCount(1, block.Select(i => matrix.Values[i] != 0).Distinct().ToArray());
        }
    }

    [TestMethod]
    public void A_dead_unit_in_a_living_block_stays()
    {
        CellWeights cell = PatternCell(1, false, 32, SparsityPattern.Blocks16x1, 1);
        for (int row = 0; row < cell.StateSize; row++)
            cell.Output[2].Weight.Values[row * 32 + 5] = 0;

        CollectionAssert.AreEqual(cell.TrunkWidths, Compaction.Compact(cell, SparsityPattern.Blocks16x1).TrunkWidths);
        CollectionAssert.AreEqual(new[] { 32, 32, 31, 32 }, Compaction.Compact(cell, SparsityPattern.Unstructured).TrunkWidths);
    }

    [TestMethod]
    public void Balanced_columns_are_removed_by_aligned_groups_of_32_only()
    {
        CellWeights cell = PatternCell(1, false, 70, SparsityPattern.Balanced32, 0.1);
        for (int row = 0; row < cell.StateSize; row++)
        {
            cell.Output[1].Weight.Values.AsSpan(row * 70 + 32, 32).Clear();
            cell.Output[3].Weight.Values.AsSpan(row * 70, 31).Clear();
        }

        CellWeights compact = Compaction.Compact(cell, SparsityPattern.Balanced32);

        CollectionAssert.AreEqual(new[] { 70, 38, 70, 70 }, compact.TrunkWidths);
        AssertSame(cell, compact);
        Assert.AreEqual(3, compact.Output[0].Weight.Row(3)[32..64].ToArray().Count(weight => weight != 0));
    }

    [TestMethod]
    public void A_compacted_recogniser_hears_the_same()
    {
        SpeechWeights weights = new RandomWeights(3).Speech(widths: [[12], [12], [12], [12]], density: 0.1);

        SpeechWeights compact = Compaction.Compact(weights, SparsityPattern.Unstructured);

        compact.Validate();
        Assert.IsLessThan(weights.RecurrentParametersDense, compact.RecurrentParametersDense);
        float[] frames = new RandomWeights(4).Vector(9 * 50);
        float[] expected = new SpeechScorer(new PackedSpeech(weights)).LogProbabilities(frames).ToArray();
        float[] actual = new SpeechScorer(new PackedSpeech(compact)).LogProbabilities(frames).ToArray();
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-5);
    }

    private static void AssertSame(CellWeights cell, CellWeights compact)
    {
        float[] expected = Run(cell), actual = Run(compact);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6);
    }

    private static CellWeights PatternCell(int hiddenLayers, bool shared, int width, SparsityPattern pattern, double density)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var module = new HLstmCell("cell", 9, 20, new GateNetworkOptions(hiddenLayers, width, GateActivation.LeakyRelu, shared, 0), new Initializer(generator));
        var random = new Random(12);
        foreach (var parameter in module.parameters().Where(p => p.shape.Length > 1 && p.shape[1] != 1))
        {
            var trained = new TrainedParameter("p", parameter, MaskedMatrices.Gates, pattern);
            if (pattern == SparsityPattern.Balanced32)
                Seeding.Random(trained.Matrix!, density, random);
            else
            {
                for (int cell = 0; cell < trained.Matrix!.Layout.Cells; cell++)
                    trained.Matrix.SetCell(cell, random.NextDouble() < density);
            }

            trained.ApplyMask();
        }

        return WeightExport.Cell("cell", module);
    }

    private static CellWeights SparseCell(int hiddenLayers, bool shared, GateActivation activation, double density)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var module = new HLstmCell("cell", 9, 11, new GateNetworkOptions(hiddenLayers, 13, activation, shared, 0), new Initializer(generator));
        var random = new Random(12);
        foreach (var parameter in module.parameters())
        {
            var trained = new TrainedParameter("p", parameter, parameter.shape.Length == 1 || parameter.shape[1] == 1 ? MaskedMatrices.None : MaskedMatrices.Gates);
            for (int i = 0; i < trained.Values.Length; i++)
            {
                if (trained.Matrix is null)
                    trained.Values[i] = random.NextSingle() - 0.5f;
                else if (random.NextDouble() >= density)
                    trained.Values[i] = 0;
            }
        }

        return WeightExport.Cell("cell", module);
    }

    private static float[] Run(CellWeights weights)
    {
        var scorer = new HLstmCellScorer(weights);
        var scratch = new CellScratch(scorer);
        var random = new Random(13);
        float[] h = new float[weights.StateSize], c = new float[weights.StateSize];
        for (int step = 0; step < 6; step++)
        {
            float[] x = [.. Enumerable.Range(0, weights.InputSize).Select(_ => random.NextSingle() - 0.5f)];
            scorer.Step(x, h, c, scratch);
        }

        return [.. h, .. c];
    }
}
