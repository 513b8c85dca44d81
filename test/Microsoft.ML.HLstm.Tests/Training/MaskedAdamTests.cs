using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Training;

[TestClass]
public class MaskedAdamTests
{
    private const double Rate = 1e-3;

    [TestMethod]
    [DataRow(1000.0)]
    [DataRow(0.05)]
    public void Steps_and_the_clipping_of_gradients_are_those_of_libtorch(double maximumNorm)
    {
        TranslationOptions options = TinyCorpus.Options(10);
        (options.BatchSize, options.MaximumGradientNorm) = (1000, maximumNorm);
        using TinyTraining ours = new(options), theirs = new(options);
        float[][] start = [.. theirs.Training.Parameters.Select(parameter => parameter.Values.ToArray())];
        int[] all = [.. Enumerable.Range(0, theirs.Training.Rows)];
        theirs.Network.train();
        // The outputs of gates take smaller steps.
        optim.Optimizer adam = optim.Adam(theirs.Network.named_parameters().GroupBy(entry => entry.name.EndsWith("output_weight", StringComparison.Ordinal))
            .Select(group => new Adam.ParamGroup(group.Select(entry => entry.parameter), lr: group.Key ? 0.3 * Rate : Rate, eps: 1e-8)), Rate);
        EpochRunner runner = ours.Runner();
        bool clipped = false;

        for (int step = 1; step <= 5; step++)
        {
            _ = runner.Run(TrainingPhase.Train, step, _ => Rate);
            adam.zero_grad();
            theirs.Training.Loss(all).Loss.backward();
            clipped |= nn.utils.clip_grad_norm_(theirs.Network.parameters(), maximumNorm) > maximumNorm;
            adam.step();
        }

        Assert.AreEqual(maximumNorm < 1, clipped);
        // Where all of a gradient is rounding, Adam makes whole steps of it, so single weights may differ.
        double moved = 0, apart = 0;
        for (int p = 0; p < start.Length; p++)
        {
            Span<float> one = ours.Training.Parameters[p].Values, other = theirs.Training.Parameters[p].Values;
            for (int i = 0; i < one.Length; i++)
                (moved, apart) = (moved + Math.Abs(other[i] - start[p][i]), apart + Math.Abs(one[i] - other[i]));
        }

        Assert.IsGreaterThan(0, moved);
        Assert.IsLessThan(1e-3, apart / moved);
    }
}
