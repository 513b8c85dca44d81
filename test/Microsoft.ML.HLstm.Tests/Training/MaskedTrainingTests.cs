using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

/// <summary>Masks, moments and growth while a real network trains.</summary>
[TestClass]
public class MaskedTrainingTests
{
    [TestMethod]
    public void After_every_step_dormant_weights_and_their_moments_are_zero()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact;
        using var tiny = new TinyTraining(options);
        int checkedSteps = 0;
        options.Progress = new Reporter(_ =>
        {
            foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
            {
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
    public void Growth_picks_the_dormant_connections_with_the_largest_average_gradient_of_the_whole_data()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        (options.Dropout, options.GateDropout, options.BatchSize) = (0.3f, 0.3f, 20);
        options.GrowAndPrune = GrowAndPruneSchedule.Compact with { GrowthRatio = 0.1, GrowthBatches = 1000 };
        using var tiny = new TinyTraining(options);
        var random = new Random(1);
        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            Seeding.Random(parameter.Matrix!, 0.3, random);
            parameter.ApplyMask();
        }

        Dictionary<string, float[]> before = tiny.Training.Parameters.Where(p => p.Matrix is not null).ToDictionary(p => p.Name, p => (float[])p.Matrix!.Mask.Clone());
        tiny.Runner().Grow(options.GrowAndPrune);
        Dictionary<string, double[]> gradients = DoublePrecisionGradients(tiny);

        foreach (TrainedParameter parameter in tiny.Training.Parameters.Where(p => p.Matrix is not null))
        {
            float[] mask = before[parameter.Name];
            double[] gradient = gradients[parameter.Name];
            int[] grown = [.. Enumerable.Range(0, mask.Length).Where(i => mask[i] == 0 && parameter.Matrix!.Mask[i] == 1)];
            int[] left = [.. Enumerable.Range(0, mask.Length).Where(i => parameter.Matrix!.Mask[i] == 0)];
            Assert.HasCount((int)Math.Round(0.1 * mask.Count(m => m == 0)), grown);
            double largest = left.Max(i => Math.Abs(gradient[i]));
            // Float32 sums may swap neighbours that are equal to within rounding.
            Assert.IsGreaterThanOrEqualTo(largest * (1 - 1e-3) - 1e-9, grown.Min(i => Math.Abs(gradient[i])), parameter.Name);
        }
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

    private sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
