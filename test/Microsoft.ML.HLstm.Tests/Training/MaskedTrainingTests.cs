using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.GrowAndPrune;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.TestSupport;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Masks, moments and growth while a real network trains.</summary>
[TestClass]
public class MaskedTrainingTests
{
    [TestMethod]
    [DataRow(SparsityPattern.Unstructured)]
    [DataRow(SparsityPattern.Blocks16x1)]
    [DataRow(SparsityPattern.Balanced32)]
    public void After_every_step_dormant_weights_and_their_moments_are_zero(SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { Pattern = pattern };
        using var tiny = new TinyTraining(options);
        int checkedSteps = 0;
        options.Progress = new Reporter(_ =>
        {
            foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
            {
                Patterns.AssertHold(parameter.Matrix!);
                for (int i = 0; i < parameter.Values.Length; i++)
                {
                    if (parameter.Matrix!.Mask[i] == 0)
                    {
                        Assert.AreEqual(0f, parameter.Values[i], parameter.Name);
                        Assert.AreEqual(0f, parameter.FirstMoment[i], parameter.Name);
                        Assert.AreEqual(0f, parameter.SecondMoment[i], parameter.Name);
                        Assert.AreEqual(0f, parameter.Average[i], parameter.Name);
                    }
                }
            }

            checkedSteps++;
        });
        var random = new Random(1);
        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            Seeding.Random(parameter.Matrix!, 0.3, random);
            parameter.ApplyMask();
        }

        tiny.Runner().Run(TrainingPhase.Train, 1, _ => 0.01);

        Assert.IsGreaterThanOrEqualTo(10, checkedSteps);
    }

    [TestMethod]
    [DataRow(0, SparsityPattern.Unstructured)]
    [DataRow(1, SparsityPattern.Unstructured)]
    [DataRow(1, SparsityPattern.Blocks16x1)]
    [DataRow(1, SparsityPattern.Balanced32)]
    public void Growth_picks_the_dormant_connections_with_the_largest_average_gradient_of_the_whole_data(int epochsBefore, SparsityPattern pattern)
    {
        TranslationOptions options = TinyCorpus.Options(1);
        (options.Dropout, options.GateDropout, options.BatchSize) = (0.3f, 0.3f, 20);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthRatio = 0.1, GrowthBatches = 1000, Pattern = pattern };
        using var tiny = new TinyTraining(options);
        var random = new Random(1);
        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            Seeding.Random(parameter.Matrix!, 0.2, random);
            parameter.ApplyMask();
        }

        EpochRunner runner = tiny.Runner();
        for (int epoch = 1; epoch <= epochsBefore; epoch++)
            runner.Run(TrainingPhase.Grow, epoch, _ => 0.001);
        Dictionary<string, float[]> before = tiny.Training.Parameters.Where(p => p.Matrix is not null).ToDictionary(p => p.Name, p => (float[])p.Matrix!.Mask.Clone());
        runner.Grow(options.GrowAndPrune);
        Dictionary<string, double[]> gradients = DoublePrecisionGradients(tiny);

        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            float[] mask = before[parameter.Name];
            double[] gradient = gradients[parameter.Name];
            Patterns.AssertHold(parameter.Matrix!);
            int[][][] groups = Patterns.Groups(parameter.Matrix!);
            int dormant = groups[0].Count(cell => mask[cell[0]] == 0);
            int level = groups[0].Length - dormant + (dormant == 0 ? 0 : Math.Max(1, (int)Math.Round(0.1 * dormant)));
            foreach (int[][] group in groups)
            {
                double[] Scores(Func<int, bool> chosen) => [.. group.Where(cell => chosen(cell[0])).Select(cell => cell.Sum(i => Math.Abs(gradient[i])))];
                double[] grown = Scores(i => mask[i] == 0 && parameter.Matrix!.Mask[i] == 1), left = Scores(i => parameter.Matrix!.Mask[i] == 0);
                Assert.HasCount(Patterns.Share(level, group.Length, groups[0].Length) - group.Count(cell => mask[cell[0]] == 1), grown);
                // Float32 sums may swap neighbours that are equal to within rounding.
                if (grown.Length > 0 && left.Length > 0)
                    Assert.IsGreaterThanOrEqualTo(left.Max() * (1 - 1e-3) - 1e-9, grown.Min(), parameter.Name);
            }
        }
    }

    [TestMethod]
    public void Sparse_matrices_are_trained_by_their_active_connections_and_grown_by_all()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthBatches = 2 };
        using var tiny = new TinyTraining(options);
        var random = new Random(1);
        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
            Seeding.Random(parameter.Matrix!, 0.1, random);
        Weight sparse = tiny.Network.Decoder[0].OutputWeight!, dense = tiny.Network.Attention.Combine;
        MaskedMatrix matrix = tiny.Training.Parameters.Single(p => p.Name == "attention.combine").Matrix!;
        matrix.Restore([.. Enumerable.Repeat(true, matrix.Count)], SparsityPattern.Unstructured);
        var computed = new List<(int? Sparse, int? Dense)>();
        EpochRunner runner = tiny.Runner(new WatchedNetwork(tiny.Training, (_, loss) =>
        {
            computed.Add((sparse.Connections?.Count, dense.Connections?.Count));
            return loss;
        }));
        MaskedMatrix trained = tiny.Training.Parameters.Single(p => p.Name == "decoder_0.output_weight").Matrix!;

        runner.Run(TrainingPhase.Grow, 1, _ => 0.01);
        Assert.IsTrue(computed.All(c => c == (trained.ActiveCount, null)));
        computed.Clear();
        runner.Grow(options.GrowAndPrune);
        Assert.IsTrue(computed.Count == 2 && computed.All(c => c == (null, null)));
        computed.Clear();
        for (int i = 0; i < matrix.Count * 9 / 10; i++)
            matrix.Deactivate(i);
        runner.Run(TrainingPhase.Prune, 2, _ => 0.01);
        Assert.IsTrue(computed.All(c => c.Dense == matrix.ActiveCount));
    }

    /// <summary>The gradient of the mean loss over all rows, dropout off, in float64: an independent path through the composed network.</summary>
    private static Dictionary<string, double[]> DoublePrecisionGradients(TinyTraining tiny)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        using var network = new TranslationNetwork(tiny.Network.Shape, 0, random, ScalarType.Float64);
        network.eval();
        Dictionary<string, Parameter> trained = tiny.Network.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using (no_grad())
        {
            foreach ((string name, Parameter parameter) in network.named_parameters())
                parameter.copy_(trained[name]);
        }

        var batch = new TranslationBatch(tiny.Pairs);
        Tensor vectors = network.Run(batch.Source, batch.SourceMask, batch.Target);
        Tensor predicting = vectors.view(-1, vectors.shape[2]).index_select(0, batch.Positions);
        nn.functional.cross_entropy(network.Logits(predicting), batch.Labels, ignore_index: TranslationBatch.Ignored).backward();
        return network.named_parameters().ToDictionary(p => p.name, p => p.parameter.grad!.contiguous().data<double>().ToArray());
    }
}
