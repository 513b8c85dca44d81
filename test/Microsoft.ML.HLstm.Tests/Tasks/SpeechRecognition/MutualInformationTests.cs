using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Training that makes what else could have been said improbable (<see cref="SpeechRecognitionOptions.MutualInformationWeight"/>).</summary>
[TestClass]
public class MutualInformationTests
{
    private static readonly string[] _texts = ["abc cab", "de ad", "bead bed", "a cab"];
    private static readonly CtcAlphabet _alphabet = new(["", " ", "a", "b", "c", "d"]);

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void Finite_differences_confirm_its_gradients()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(5);
        SpeechShape shape = SmallSpeech.Shape(1);
        using var network = new SpeechNetwork(shape, 0, random, ScalarType.Float64);
        network.train();
        var batch = new SpeechBatch(SmallSpeech.Utterances(shape, new Random(2), 13, 8, 10), shape);
        var information = new MutualInformation(_texts, _alphabet, 0.7);
        // Sums over a graph are float32, so that differences are coarse.
        const double Step = 1e-2;
        Tensor Loss() => network.Loss(batch, information: information);
        Loss().backward();

        Parameter bias = network.OutputBias;
        Tensor gradient = bias.grad!.clone();
        for (int label = 0; label < shape.Labels; label++)
        {
            double At(double move)
            {
                using (no_grad())
                {
                    bias[label] = bias[label].Plus(move);
                    double loss = Loss().item<double>();
                    bias[label] = bias[label].Plus(-move);
                    return loss;
                }
            }

            Assert.AreEqual((At(Step) - At(-Step)) / (2 * Step), gradient[label].item<double>(), 2e-4, $"label {label}");
        }
    }

    [TestMethod]
    public void Alone_it_is_the_log_probability_of_the_transcript_among_all_and_never_negative()
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape();
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(3), 19, 9, 30);
        using var random = new Generator(7);
        using var network = new SpeechNetwork(shape, 0, random);
        network.train();
        var batch = new SpeechBatch(utterances, shape);
        double Loss(double weight) => network.Loss(batch, information: weight == 0 ? null : new MutualInformation(_texts, _alphabet, weight)).item<float>();

        double ctc = Loss(0), information = Loss(1);

        Assert.IsGreaterThan(0, information);
        Assert.AreEqual(0.75 * ctc + 0.25 * information, Loss(0.25), 1e-4);
    }

    [TestMethod]
    public void Threads_and_padding_decide_nothing_and_labels_that_do_not_fit_count_nothing()
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape();
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(3), 19, 9, 30, 24);
        Utterance unfit = utterances[1] with { Labels = [.. Enumerable.Repeat(3, 20)] };
        var information = new MutualInformation(_texts, _alphabet, 1);
        Tensor LogProbabilities(SpeechBatch batch)
        {
            using var random = new Generator(7);
            Tensor values = nn.functional.log_softmax(randn([40, 1, SmallSpeech.Labels], generator: random), 2);
            return values.narrow(0, 0, batch.Steps.Max()).expand(-1, batch.Steps.Length, -1).clone().requires_grad_();
        }

        (double Loss, float[] Gradient) Run(Utterance[] rows, int threads = 1)
        {
            using TorchThreads _ = TorchThreads.Use(threads);
            var batch = new SpeechBatch(rows, shape);
            Tensor values = LogProbabilities(batch), loss = information.Loss(values, batch);
            loss.backward();
            return (loss.item<float>(), values.grad!.select(1, 0).contiguous().data<float>().ToArray());
        }

        (double together, float[] gradient) = Run(utterances);
        (double threaded, float[] same) = Run(utterances, 3);
        Assert.AreEqual(together, threaded);
        CollectionAssert.AreEqual(gradient, same);
        Assert.AreEqual(together, utterances.Sum(utterance => Run([utterance]).Loss), 1e-3);
        (double none, float[] zero) = Run([unfit]);
        Assert.AreEqual(0, none);
        Assert.IsTrue(Array.TrueForAll(zero, value => value == 0));
    }

    [TestMethod]
    public void More_characters_than_a_graph_holds_are_refused_with_the_option()
    {
        string[] characters = [.. Enumerable.Range(0x4e00, 2100).Select(code => char.ConvertFromUtf32(code))];
        ArgumentException error = Assert.ThrowsExactly<ArgumentException>(() => new MutualInformation([string.Concat(characters)], new CtcAlphabet(["", .. characters]), 0.3));
        Assert.Contains(nameof(SpeechRecognitionOptions.MutualInformationWeight), error.Message);
        Assert.Contains("2100 characters", error.Message);
    }

    [TestMethod]
    public void A_recogniser_learns_with_it_and_what_is_learned_differs()
    {
        double Accuracy(double weight, out string first)
        {
            var mlContext = new MLContext(1);
            SpeechRecognitionOptions options = TinySpeech.Options();
            options.MutualInformationWeight = weight;
            options.ConsistencyWeight = 0.2;
            IDataView data = TinySpeech.Load(mlContext);
            SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(data);
            first = string.Join(',', model.Transform(data).GetColumn<float>("Score").Take(3));
            return 1 - mlContext.SpeechRecognition.Evaluate(model.Transform(data), labelColumnName: options.LabelColumnName).WordErrorRate;
        }

        Assert.IsGreaterThan(0.9, Accuracy(0.5, out string with));
        Assert.IsGreaterThan(0.9, Accuracy(0, out string without));
        Assert.AreNotEqual(without, with);
    }
}
