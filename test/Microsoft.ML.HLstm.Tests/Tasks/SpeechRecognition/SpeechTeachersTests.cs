using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using Samples;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Training with trained recognisers to learn from.</summary>
[TestClass]
public class SpeechTeachersTests
{
    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    public void A_network_believes_its_teachers_instead_of_the_transcripts_when_they_decide_everything()
    {
        SpeechRecognitionTransformer teacher = Fit(TinySpeech.Options(), Swapped());
        SpeechRecognitionOptions options = TinySpeech.Options();
        options.StateSize = 20;
        (options.Teachers, options.TeacherShare, options.SpeedChange) = ([teacher, teacher], 1, 0.1);

        SpeechRecognitionTransformer student = Fit(options);

        string[] heard = TinySpeechModel.Transcribe(student, TinySpeech.Rows.Take(20));
        CollectionAssert.AreEqual(Swapped().Take(20).Select(row => row.Transcript).ToArray(), heard);
    }

    [TestMethod]
    [DataRow(0, false)]
    [DataRow(1, true)]
    [DataRow(2, false)]
    public void They_answer_as_they_score_and_on_average_together(int gateLayers, bool shared)
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape(gateLayers: gateLayers, shared: shared), other = SmallSpeech.Shape(layers: 1, bidirectional: false);
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(2), 30, 17);
        using SpeechNetwork first = Trained(shape, utterances, 1), second = Trained(other, utterances, 2);
        using var alone = new SpeechTeachers([SpeechExport.Weights(first)], 1);
        using var together = new SpeechTeachers([SpeechExport.Weights(first), SpeechExport.Weights(second)], 1);
        var batch = new SpeechBatch(utterances, shape);

        Tensor expected = first.LogProbabilities(batch).exp(), alsoExpected = second.LogProbabilities(batch).exp();

        TensorAssert.Close(expected, alone.Predict(batch).Probabilities, 1e-6);
        TensorAssert.Close(expected.Plus(alsoExpected).Times(0.5), together.Predict(batch).Probabilities, 1e-6);
        Assert.IsFalse(together.Predict(batch).Probabilities.requires_grad);
    }

    [TestMethod]
    public void Their_share_of_the_loss_is_the_cross_entropy_of_every_step()
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape();
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(2), 30, 17);
        using SpeechNetwork teacher = Trained(shape, utterances, 1), network = Trained(shape, utterances, 2);
        using var teachers = new SpeechTeachers([SpeechExport.Weights(teacher)], 0.3);
        var batch = new SpeechBatch(utterances, shape);
        float[] answers = teachers.Predict(batch).Probabilities.data<float>().ToArray(), said = network.LogProbabilities(batch).data<float>().ToArray();
        double transcripts = network.Loss(batch).item<float>(), entropy = 0;
        for (int t = 0; t < batch.Steps.Max(); t++)
        {
            for (int row = 0; row < batch.Steps.Length; row++)
            {
                for (int label = 0; label < shape.Labels && t < batch.Steps[row]; label++)
                {
                    int at = ((t * batch.Steps.Length) + row) * shape.Labels + label;
                    entropy -= answers[at] * said[at];
                }
            }
        }

        double loss = network.Loss(batch, teachers.Predict(batch)).item<float>();

        Assert.AreEqual((0.7 * transcripts) + (0.3 * entropy / batch.Predictions), loss, 1e-5 * Math.Abs(loss));
    }

    [TestMethod]
    public void They_hear_what_the_network_hears_with_nothing_masked()
    {
        using var scope = NewDisposeScope();
        SpeechShape shape = SmallSpeech.Shape();
        Utterance[] utterances = SmallSpeech.Utterances(shape, new Random(2), 40, 33);
        var options = new SpeechRecognitionOptions { SpeedChange = 0.2, TimeMasks = 4, TimeMaskShare = 0.5, FrequencyMasks = 0, ConsistencyWeight = 0.5 };
        using SpeechNetwork teacher = Trained(shape, utterances, 1), network = Trained(shape, utterances, 2);
        SpeechWeights weights = SpeechExport.Weights(teacher);
        double share = 0.4;
        double Loss(double of)
        {
            using var training = new SpeechTraining(network, utterances, (_, _) => 0, options, new Random(5));
            if (of > 0)
                training.LearnFrom(new SpeechTeachers([weights], of));
            network.train();
            return training.Loss([0, 1]).Loss.item<float>();
        }

        // The same draws by hand: both utterances at their speeds, then two views of each with masks.
        double transcripts = Loss(0), taught = Loss(share);
        var augmentation = new Augmentation(options, shape, new Random(5));
        Utterance[] heard = [.. utterances.Select(augmentation.Change)];
        var masked = new SpeechBatch([.. heard.Concat(heard).Select(augmentation.Mask)], shape);
        using var teachers = new SpeechTeachers([weights], share);
        SpeechTargets targets = teachers.Predict(new SpeechBatch(heard, shape), views: 2);
        network.train();
        double cross = -(targets.Probabilities * network.LogProbabilities(masked)).sum().item<float>() / masked.Predictions;
        double ctc = network.Loss(masked).item<float>();

        Assert.AreEqual(transcripts + (share * (cross - ctc)), taught, 1e-4 * Math.Abs(taught));
    }

    [TestMethod]
    public void A_teacher_that_answers_something_else_is_refused_before_training_and_named()
    {
        SpeechRecognitionOptions strides = TinySpeech.Options(1), letters = TinySpeech.Options(1);
        strides.Teachers = letters.Teachers = [TinySpeechModel.Trained];
        strides.Convolutions = [new(4, 3, 3, 3, 1)];
        SpokenRow[] other = [.. TinySpeech.Rows.Select(row => new SpokenRow { Frames = row.Frames, Transcript = row.Transcript.Replace('c', 'e') })];

        Assert.Contains("Teachers[0] make a step of '2' frames, and those of the options '3'", Assert.Throws<ArgumentException>(() => Fit(strides)).Message);
        string alphabet = Assert.Throws<ArgumentException>(() => Fit(letters, other)).Message;
        Assert.Contains("alphabet of Teachers[0]", alphabet);
        Assert.Contains("e", alphabet);
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        SpeechRecognitionOptions share = TinySpeech.Options(1), missing = TinySpeech.Options(1), none = TinySpeech.Options(1);
        share.TeacherShare = 0;
        missing.Teachers = [null!];
        none.Teachers = null!;

        Assert.Contains("TeacherShare", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(share)).Message);
        Assert.Contains("Teachers", Assert.Throws<ArgumentNullException>(() => Fit(missing)).Message);
        Assert.Contains("Teachers", Assert.Throws<ArgumentNullException>(() => Fit(none)).Message);
    }

    [TestMethod]
    public void A_checkpoint_belongs_to_its_teachers()
    {
        using var folder = new TempFolder();
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        (options.CheckpointFolder, options.Teachers) = (folder.PathOf("checkpoints"), [TinySpeechModel.Trained]);
        ulong trained = Fit(options).Model.Fingerprint();

        Assert.AreEqual(trained, Fit(options).Model.Fingerprint());
        options.Teachers = [];
        Assert.Contains("Teacher=", Assert.Throws<CheckpointException>(() => Fit(options)).Message);
    }

    private static SpokenRow[] Swapped() => [.. TinySpeech.Rows.Select(row => new SpokenRow
    {
        Frames = row.Frames,
        Transcript = row.Transcript.Replace('a', '?').Replace('b', 'a').Replace('?', 'b'),
    })];

    /// <summary>A network whose normalisation has seen the utterances.</summary>
    private static SpeechNetwork Trained(SpeechShape shape, Utterance[] utterances, ulong seed)
    {
        using var random = new Generator(seed);
        var network = new SpeechNetwork(shape, 0, random);
        network.train();
        _ = network.LogProbabilities(new SpeechBatch(utterances, shape));
        network.eval();
        return network;
    }

    private static SpeechRecognitionTransformer Fit(SpeechRecognitionOptions options, IEnumerable<SpokenRow>? rows = null)
    {
        var mlContext = new MLContext(1);
        return mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext, rows));
    }
}
