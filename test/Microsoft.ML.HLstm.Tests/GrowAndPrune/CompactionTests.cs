using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
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

        CellWeights compact = Compaction.Compact(cell);

        compact.Validate();
        Assert.IsLessThan(cell.TrunkWidths.Sum(), compact.TrunkWidths.Sum());
        float[] expected = Run(cell), actual = Run(compact);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6);
    }

    [TestMethod]
    public void A_dense_cell_stays_as_it_is()
    {
        CellWeights cell = SparseCell(2, false, GateActivation.Relu, 1);

        CellWeights compact = Compaction.Compact(cell);

        CollectionAssert.AreEqual(cell.TrunkWidths, compact.TrunkWidths);
        foreach ((WeightMatrix before, WeightMatrix after) in cell.Matrices.Zip(compact.Matrices))
            CollectionAssert.AreEqual(before.Values, after.Values);
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
