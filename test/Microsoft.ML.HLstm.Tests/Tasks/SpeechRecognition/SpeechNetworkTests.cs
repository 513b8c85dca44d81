using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public class SpeechNetworkTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(2, true, false)]
    [DataRow(1, false, true)]
    public void Finite_differences_confirm_gradients_of_every_parameter(int layers, bool sum, bool taught)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        var gates = new GateNetworkOptions(1, 2, GateActivation.LeakyRelu, false, 0);
        var shape = new SpeechShape(5, SmallSpeech.Labels, [new(2, 3, 3, 2, 2), new(2, 3, 3, 1, 2)], 2, layers, true, sum, gates);
        using var network = new SpeechNetwork(shape, 0, random, ScalarType.Float64);
        network.train();
        var batch = new SpeechBatch(SmallSpeech.Utterances(shape, new Random(2), 13, 8, 10), shape);
        SpeechTargets? teacher = taught ? new SpeechTargets(rand([7, 3, SmallSpeech.Labels], generator: random), 0.4) : null;
        Tensor Loss() => network.Loss(batch, teacher);

        Loss().backward();

        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (parameter.requires_grad)
                TensorAssert.GradientMatchesFiniteDifferences(name, parameter, Loss, most: 3);
        }
    }

    [TestMethod]
    [DataRow(0, false, true, true)]
    [DataRow(1, false, true, false)]
    [DataRow(1, true, false, true)]
    public void Together_utterances_score_as_they_do_alone(int gateLayers, bool shared, bool bidirectional, bool sum)
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        SpeechShape shape = SmallSpeech.Shape(3, bidirectional, sum, gateLayers, shared);
        using var network = new SpeechNetwork(shape, 0.3, random);
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(3), 31, 1, 17, 30);
        network.train();
        network.LogProbabilities(new SpeechBatch(utterances, shape));
        network.eval();

        Tensor together = network.LogProbabilities(new SpeechBatch(utterances, shape));

        for (int row = 0; row < utterances.Length; row++)
        {
            Tensor alone = network.LogProbabilities(new SpeechBatch([utterances[row]], shape));
            Assert.AreEqual(shape.Steps(utterances[row].Frames.Length / shape.FrameWidth), alone.shape[0]);
            TensorAssert.Close(alone.select(1, 0), together.select(1, row).narrow(0, 0, alone.shape[0]), 1e-5);
        }
    }

    [TestMethod]
    public void Padding_decides_nothing_while_training_either()
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape();
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(3), 19, 9);
        (float Loss, float[] Gradient) Run(Action<SpeechBatch> change)
        {
            using var random = new Generator(7);
            using var network = new SpeechNetwork(shape, 0, random);
            network.train();
            var batch = new SpeechBatch(utterances, shape);
            change(batch);
            Tensor loss = network.Loss(batch);
            loss.backward();
            return (loss.item<float>(), network.Layers[0].Forward.WeightInput.grad!.flatten().data<float>().ToArray());
        }

        // A third utterance of other frames would change the statistics; what stands behind the second must not, once a kernel
        // from inside its length cannot reach it.
        var (loss, gradient) = Run(_ => { });
        var (changedLoss, changedGradient) = Run(batch => batch.Frames[1].narrow(0, 14, 5).copy_(TensorNumbers.Filled([1], 9, ScalarType.Float32)));

        Assert.AreEqual(loss, changedLoss);
        CollectionAssert.AreEqual(gradient, changedGradient);
    }

    [TestMethod]
    public void The_loss_is_that_of_all_paths_one_by_one()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        SpeechShape shape = SmallSpeech.Shape() with { Labels = 3 };
        using var network = new SpeechNetwork(shape, 0, random);
        network.eval();
        Utterance[] utterances = [.. SmallSpeech.Utterances(shape, new Random(3), 13, 9, 8).Zip((int[][])[[1, 2, 2], [2], []], (utterance, labels) => utterance with { Labels = labels })];
        var batch = new SpeechBatch(utterances, shape);
        Tensor logProbabilities = network.LogProbabilities(batch);
        double expected = 0;
        for (int row = 0; row < utterances.Length; row++)
        {
            float[] scores = logProbabilities.select(1, row).narrow(0, 0, batch.Steps[row]).contiguous().data<float>().ToArray();
            expected -= Math.Log(AllPaths(scores, shape.Labels, utterances[row].Labels));
        }

        Assert.AreEqual(expected / 4, network.Loss(batch).item<float>(), 1e-5 * expected);
    }

    [TestMethod]
    public void Labels_that_do_not_fit_have_no_loss()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(7);
        SpeechShape shape = SmallSpeech.Shape();
        using var network = new SpeechNetwork(shape, 0, random);
        Utterance utterance = SmallSpeech.Utterances(shape, new Random(3), 5)[0] with { Labels = [2, 2, 1] };
        Assert.AreEqual(4, utterance.FewestSteps);

        Tensor loss = network.Loss(new SpeechBatch([utterance], shape));
        loss.backward();

        Assert.AreEqual(0f, loss.item<float>());
        Assert.IsTrue(network.OutputWeight.grad!.isfinite().all().item<bool>());
    }

    /// <summary>The probability of the paths that collapse to the labels.</summary>
    private static double AllPaths(float[] scores, int labels, int[] wanted)
    {
        int steps = scores.Length / labels;
        double sum = 0;
        for (int number = 0; number < (int)Math.Pow(labels, steps); number++)
        {
            int[] path = [.. Enumerable.Range(0, steps).Select(t => number / (int)Math.Pow(labels, t) % labels)];
            if (path.Where((label, t) => label != 0 && (t == 0 || path[t - 1] != label)).SequenceEqual(wanted))
                sum += Math.Exp(path.Select((label, t) => (double)scores[t * labels + label]).Sum());
        }

        return sum;
    }
}
