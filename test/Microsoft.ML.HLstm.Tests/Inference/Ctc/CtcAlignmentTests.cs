using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tests.Inference.Ctc;

[TestClass]
public sealed class CtcAlignmentTests
{
    private static readonly CtcAlphabet _alphabet = new(["-", " ", "a", "b"]);

    [TestMethod]
    public void The_path_is_the_most_probable_one()
    {
        var random = new Random(1);
        var alignment = new CtcAlignment();
        int transcripts = 0;
        for (int trial = 0; trial < 60; trial++)
        {
            float[] frames = BruteForceCtc.Random(random, 1 + (trial % 6), 4);
            var truth = new BruteForceCtc(_alphabet, frames);
            foreach ((string text, double probability) in truth.BestPaths.Where(pair => pair.Value > 0))
            {
                int[] labels = [.. text.Select(character => " ab".IndexOf(character) + 1)];
                CtcLabelSpan[] spans = alignment.Align(_alphabet, frames, labels, out double logProbability);
                Assert.AreEqual(Math.Log(probability), logProbability, 1e-5, $"'{text}'");
                CollectionAssert.AreEqual(labels, spans.Select(span => span.Label).ToArray());
                Assert.AreEqual(probability, Fill(frames, spans), 1e-5 * probability, $"'{text}'");
                transcripts++;
            }
        }

        Assert.IsGreaterThan(1000, transcripts);
    }

    [TestMethod]
    public void Words_have_the_frames_of_their_labels()
    {
        //                         0123456789
        CtcHypothesis found = Sharp("- aa-b  --a-");
        Assert.AreEqual("ab a", found.Text);
        CollectionAssert.AreEqual(new[] { new CtcWord("ab", 2, 5), new CtcWord("a", 10, 10) }, found.Words.ToArray());
        CollectionAssert.AreEqual(
            new[] { new CtcLabelSpan(2, 2, 3), new CtcLabelSpan(3, 5, 5), new CtcLabelSpan(2, 10, 10) },
            found.Labels.Where(span => span.Label != _alphabet.Separator).ToArray());
    }

    [TestMethod]
    public void A_long_recording_is_aligned_in_stretches()
    {
        // 6,000 frames by 3,001 states, where up to 2^24 are remembered at a time.
        string path = string.Concat(Enumerable.Repeat("a-bb", 1500));

        CtcHypothesis beam = Sharp(path, beamWidth: 2), greedy = Sharp(path, beamWidth: 1);

        Assert.HasCount(3000, greedy.Labels);
        CollectionAssert.AreEqual(greedy.Labels.ToArray(), beam.Labels.ToArray());
    }

    [TestMethod]
    public void Transcripts_need_no_alignment()
    {
        float[] frames = BruteForceCtc.Random(new Random(1), 12, 4);
        var decoder = new CtcDecoder(new CtcScorer(_alphabet, new CtcDecodingOptions { Alternatives = 4 }));

        IReadOnlyList<CtcHypothesis> aligned = decoder.Decode(frames), others = decoder.Decode(frames, align: false);

        CollectionAssert.AreEqual(aligned.Select(found => (found.Text, found.LogProbability, found.Score)).ToArray(), others.Select(found => (found.Text, found.LogProbability, found.Score)).ToArray());
        Assert.IsTrue(aligned.Any(found => found.Words.Count > 0));
        Assert.IsTrue(others.All(found => found.Words.Count == 0));
    }

    [TestMethod]
    public void Greedy_search_and_beam_search_agree_where_frames_are_clear()
    {
        foreach (string path in new[] { "- aa-b  --a-", "aabb", "a-a a", "  ", "", "-", " a - b ", "ab ab- -" })
        {
            CtcHypothesis beam = Sharp(path), greedy = Sharp(path, beamWidth: 1);
            Assert.AreEqual(beam.Text, greedy.Text, $"'{path}'");
            CollectionAssert.AreEqual(beam.Words.ToArray(), greedy.Words.ToArray(), $"'{path}'");
        }
    }

    /// <summary>The probability of the best path that emits the labels in their spans, and blanks or idle separators between.</summary>
    private static double Fill(float[] frames, CtcLabelSpan[] spans)
    {
        double probability = 1;
        for (int frame = 0; frame < frames.Length / 4; frame++)
        {
            int inside = Array.FindIndex(spans, span => frame >= span.FirstFrame && frame <= span.LastFrame);
            int before = Array.FindLastIndex(spans, span => span.LastFrame < frame);
            bool idle = before < 0 || before == spans.Length - 1 || spans[before].Label == 1 || spans[before + 1].Label == 1;
            probability *= inside >= 0 ? Probability(frame, spans[inside].Label) : Math.Max(Probability(frame, 0), idle ? Probability(frame, 1) : 0);
        }

        return probability;

        double Probability(int frame, int label) => Math.Exp(frames[(frame * 4) + label]);
    }

    private static CtcHypothesis Sharp(string path, int beamWidth = 32)
    {
        float[] frames = [.. path.SelectMany(character => "- ab".Select(label => MathF.Log(label == character ? 0.97f : 0.01f)))];
        return new CtcDecoder(new CtcScorer(_alphabet, new CtcDecodingOptions { BeamWidth = beamWidth })).Decode(frames)[0];
    }
}
