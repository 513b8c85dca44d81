using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Inference;
using Microsoft.ML.HLstm.Tests.ModelFile;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public sealed class SpeechScorerTests
{
    private const int Width = 9, Labels = 6;

    /// <summary>Ordinary LSTM; a trunk for each gate; one with two layers that all gates share.</summary>
    private static readonly int[][][] _gates = [[], [[3], [4], [2], [5]], [[7, 6]]];

    [ClassInitialize]
    public static void LoadTorch(TestContext _) => TorchRuntime.EnsureLoaded();

    [TestMethod]
    [DataRow(0, true, true, 2, 2)]
    [DataRow(0, true, false, 1, 1)]
    [DataRow(0, false, false, 3, 2)]
    [DataRow(1, true, true, 1, 3)]
    [DataRow(1, true, false, 2, 1)]
    [DataRow(1, false, true, 4, 4)]
    [DataRow(2, true, true, 2, 2)]
    public void Scorer_and_library_agree(int gates, bool bidirectional, bool sum, int strideFrames, int strideBins)
    {
        foreach (double density in new[] { 1, 0.3 })
        {
            SpeechWeights weights = new RandomWeights(1).Speech(bidirectional, sum, widths: _gates[gates], density: density, strides: (strideFrames, strideBins), channels: 9);
            using var library = new TorchSpeech(weights);
            var scorer = new SpeechScorer(new PackedSpeech(weights));
            foreach (int frames in new[] { 1, 2, 3, 16, 33, 300, 7 })
            {
                float[] utterance = Frames(frames, frames);
                AssertClose(library.LogProbabilities(utterance), scorer.LogProbabilities(utterance), 1e-4, $"{frames} frames, density {density}");
            }
        }
    }

    [TestMethod]
    [DataRow(WeightPrecision.Single, 1e-4)]
    [DataRow(WeightPrecision.Half, 1e-3)]
    [DataRow(WeightPrecision.Int8, 1e-4)]
    public void Rounded_weights_are_scored_as_they_are_before_and_after_the_file(WeightPrecision precision, double tolerance)
    {
        SpeechWeights weights = new RandomWeights(2).Speech().At(precision);
        using var library = new TorchSpeech(weights);
        SpeechWeights read = WeightFileReader.ReadSpeech(WeightFileTests.Write(s => WeightFileWriter.Write(s, weights, precision)));
        float[] utterance = Frames(90, 3), before = new SpeechScorer(new PackedSpeech(weights)).LogProbabilities(utterance).ToArray();
        AssertClose(library.LogProbabilities(utterance), before, tolerance, precision.ToString());
        CollectionAssert.AreEqual(before, new SpeechScorer(new PackedSpeech(read)).LogProbabilities(utterance).ToArray());
    }

    [TestMethod]
    [DataRow(true, 1.0)]
    [DataRow(false, 1.0)]
    [DataRow(true, 0.1)]
    public void An_utterance_alone_is_the_same_as_among_others(bool sum, double density)
    {
        SpeechWeights weights = new RandomWeights(3).Speech(sum: sum, widths: [[16], [16], [16], [16]], density: density);
        var scorer = new SpeechScorer(new PackedSpeech(weights));
        // More than are computed side by side, equally long and not, one of them without a frame.
        int[] lengths = [40, 0, 1, 200, .. Enumerable.Range(0, 70).Select(i => 30 + i % 5), 300];
        ReadOnlyMemory<float>[] utterances = [.. lengths.Select((length, i) => Frames(length, i).AsMemory())];
        float[][] together = scorer.LogProbabilitiesAll(utterances);
        Assert.HasCount(lengths.Length, together);
        for (int i = 0; i < lengths.Length; i++)
            AssertClose(scorer.LogProbabilities(utterances[i].Span).ToArray(), together[i], 1e-5, $"utterance {i}");
    }

    [TestMethod]
    public void Two_threads_give_what_one_gives()
    {
        var network = new PackedSpeech(new RandomWeights(4).Speech(sum: false));
        float[] utterance = Frames(77, 5);
        CollectionAssert.AreEqual(
            new SpeechScorer(network).LogProbabilities(utterance).ToArray(),
            new SpeechScorer(network, threads: 2).LogProbabilities(utterance).ToArray());
    }

    [TestMethod]
    public void Every_step_has_a_distribution_and_no_frames_have_no_steps()
    {
        var scorer = new SpeechScorer(new PackedSpeech(new RandomWeights(5).Speech(strides: (3, 2))));
        Assert.AreEqual(0, scorer.LogProbabilities([]).Length);
        foreach ((int frames, int steps) in new[] { (1, 1), (3, 1), (4, 2), (7, 3), (9, 3) })
        {
            Assert.AreEqual(steps, scorer.Steps(frames));
            float[] result = scorer.LogProbabilities(Frames(frames, 1)).ToArray();
            Assert.HasCount(steps * Labels, result);
            foreach (float[] step in result.Chunk(Labels))
                Assert.AreEqual(1, step.Sum(value => Math.Exp(value)), 1e-5);
        }
    }

    [TestMethod]
    public void A_part_of_a_frame_is_refused()
    {
        var scorer = new SpeechScorer(new PackedSpeech(new RandomWeights(6).Speech()));
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => scorer.LogProbabilities(new float[Width + 1])).Message, "frame width 9");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => scorer.LogProbabilitiesAll([new float[Width], new float[1]])).Message, "Utterance 1");
    }

    private static float[] Frames(int frames, int seed) => new RandomWeights(seed).Vector(frames * Width, 2);

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.AreEqual(expected.Length, actual.Length, what);
        for (int i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance * Math.Abs(expected[i]), $"{what}, number {i}");
    }
}
