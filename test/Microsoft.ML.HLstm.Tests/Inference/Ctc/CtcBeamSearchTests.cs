using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tests.Inference.Ctc;

[TestClass]
public sealed class CtcBeamSearchTests
{
    private static readonly CtcAlphabet _spaced = new(["-", " ", "a", "b"]);
    private static readonly CtcAlphabet _plain = new(["a", "b", "-"], blank: 2);
    private static readonly string[] _text = ["a b a", "ab a b", "ab ba", "a ab ab a", "b", "ba ab a a", "aa b"];

    private static readonly CtcDecodingOptions _exact = new()
    {
        BeamWidth = 1024,
        Alternatives = 256,
        MinimumProbability = 0,
        PruningThreshold = double.PositiveInfinity,
        LanguageModelWeight = 0,
    };

    [TestMethod]
    public void The_example_in_which_the_best_path_is_not_the_best_transcript()
    {
        // A. Graves, "Supervised sequence labelling with recurrent neural networks", section 7.5.1: two frames with
        // blank 0.7 and 0.6, A 0.3 and 0.4. The best path is two blanks, 0.42; the best transcript is A, 0.12 + 0.28 + 0.18.
        var alphabet = new CtcAlphabet(["-", "A"]);
        float[] frames = Log(0.7, 0.3, 0.6, 0.4);
        CtcHypothesis greedy = Decode(alphabet, _exact with { BeamWidth = 1 }, frames)[0];
        Assert.AreEqual("", greedy.Text);
        Assert.AreEqual(0.42, Math.Exp(greedy.LogProbability), 1e-6);
        IReadOnlyList<CtcHypothesis> found = Decode(alphabet, _exact, frames);
        Assert.AreEqual("A", found[0].Text);
        Assert.AreEqual(0.58, Math.Exp(found[0].LogProbability), 1e-6);
        Assert.AreEqual(0.42, Math.Exp(found[1].LogProbability), 1e-6);
        Assert.HasCount(2, found);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_wide_beam_sums_every_path(bool spaced)
    {
        CtcAlphabet alphabet = spaced ? _spaced : _plain;
        var random = new Random(1);
        for (int trial = 0; trial < 60; trial++)
        {
            float[] frames = BruteForceCtc.Random(random, trial % 7, alphabet.Count);
            Check(new CtcScorer(alphabet, _exact), frames, _ => 0);
        }
    }

    [TestMethod]
    [DataRow(true, 0)]
    [DataRow(false, 0)]
    [DataRow(true, 3)]
    public void With_a_language_model_of_words_the_objective_is_exact(bool spaced, int classes)
    {
        CtcAlphabet alphabet = spaced ? _spaced : _plain;
        NGramLanguageModel model = NGramLanguageModel.Estimate(_text, 3, classes: classes);
        CtcDecodingOptions options = _exact with { LanguageModelWeight = 0.8, WordBonus = 0.7, CharacterBonus = -0.2, UnknownWordPenalty = 1.5 };
        var random = new Random(2);
        for (int trial = 0; trial < 40; trial++)
        {
            Check(new CtcScorer(alphabet, options, model), BruteForceCtc.Random(random, 1 + (trial % 6), alphabet.Count), text =>
            {
                string[] words = Words(text);
                int unknown = words.Count(word => !model.Vocabulary.TryFind(word, out _));
                return (0.8 * model.LogProbability(text)) + (0.7 * words.Length) - (0.2 * words.Sum(word => word.Length)) - (1.5 * unknown);
            });
        }
    }

    [TestMethod]
    public void With_a_language_model_of_characters_the_objective_is_exact()
    {
        NGramLanguageModel model = NGramLanguageModel.Estimate(_text, 4, LanguageModelUnit.Character);
        CtcDecodingOptions options = _exact with { LanguageModelWeight = 1.2, CharacterBonus = 0.9 };
        var random = new Random(3);
        for (int trial = 0; trial < 40; trial++)
        {
            Check(new CtcScorer(_spaced, options, model), BruteForceCtc.Random(random, 1 + (trial % 6), 4),
                text => (1.2 * model.LogProbability(text)) + (0.9 * text.Replace(" ", "", StringComparison.Ordinal).Length));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void Only_words_of_the_list_are_completed(bool withModel)
    {
        string[] list = ["ab", "a", "bba", "xyz"];
        NGramLanguageModel model = NGramLanguageModel.Estimate(_text, 2); // does not know bba
        CtcDecodingOptions options = _exact with { RestrictToWordList = true, WordBonus = 0.3, LanguageModelWeight = withModel ? 0.5 : 0, UnknownWordPenalty = withModel ? 1 : 0 };
        var random = new Random(4);
        for (int trial = 0; trial < 40; trial++)
        {
            Check(new CtcScorer(_spaced, options, withModel ? model : null, list), BruteForceCtc.Random(random, 1 + (trial % 6), 4), text =>
            {
                string[] words = Words(text);
                if (words.Except(list).Any())
                    return double.NegativeInfinity;
                return (0.3 * words.Length) + (withModel ? (0.5 * model.LogProbability(text)) - words.Count(word => word == "bba") : 0);
            });
        }
    }

    [TestMethod]
    public void A_language_model_settles_what_sounds_alike()
    {
        var alphabet = new CtcAlphabet(["-", " ", "e", "h", "r", "t", "i"]);
        NGramLanguageModel model = NGramLanguageModel.Estimate(["there it", "there it", "their hit", "their tie"], 2);
        float[] frames = Say(alphabet, "the?? it", ("re", 0.45), ("ir", 0.55));
        Assert.AreEqual("their it", Decode(alphabet, new CtcDecodingOptions(), frames)[0].Text);
        Assert.AreEqual("there it", new CtcDecoder(new CtcScorer(alphabet, new CtcDecodingOptions { LanguageModelWeight = 1 }, model)).Decode(frames)[0].Text);
    }

    [TestMethod]
    public void A_narrow_pruned_beam_finds_what_a_wide_one_finds_where_frames_are_clear()
    {
        NGramLanguageModel model = NGramLanguageModel.Estimate(_text, 3);
        var random = new Random(5);
        int same = 0;
        for (int trial = 0; trial < 50; trial++)
        {
            float[] frames = BruteForceCtc.Random(random, 30, 4, sharpness: 10, impossible: 0);
            CtcHypothesis narrow = new CtcDecoder(new CtcScorer(_spaced, new CtcDecodingOptions { BeamWidth = 64 }, model)).Decode(frames)[0];
            CtcHypothesis wide = new CtcDecoder(new CtcScorer(_spaced, _exact with { LanguageModelWeight = 0.5, Alternatives = 1 }, model)).Decode(frames)[0];
            Assert.IsLessThanOrEqualTo(wide.Score + 1e-9, narrow.Score);
            same += narrow.Text == wide.Text ? 1 : 0;
        }

        Assert.IsGreaterThan(45, same);
    }

    [TestMethod]
    public void Working_memory_that_was_used_changes_nothing()
    {
        var random = new Random(6);
        float[][] inputs = [.. Enumerable.Range(0, 20).Select(_ => BruteForceCtc.Random(random, random.Next(40), 4))];
        var scorer = new CtcScorer(_spaced, new CtcDecodingOptions { BeamWidth = 8, Alternatives = 5 }, NGramLanguageModel.Estimate(_text, 3));
        var used = new CtcDecoder(scorer);
        foreach (float[] frames in inputs.Concat(inputs.Reverse()))
        {
            IReadOnlyList<CtcHypothesis> again = used.Decode(frames), fresh = new CtcDecoder(scorer).Decode(frames);
            CollectionAssert.AreEqual(fresh.Select(h => (h.Text, h.LogProbability, h.Score)).ToArray(), again.Select(h => (h.Text, h.LogProbability, h.Score)).ToArray());
        }
    }

    [TestMethod]
    public void Equally_good_transcripts_come_in_a_fixed_order()
    {
        // Both labels are equally probable everywhere: the first of the alphabet wins.
        float[] frames = Log(0.4, 0.4, 0.2, 0.4, 0.4, 0.2);
        string[] texts = [.. Decode(_plain, _exact, frames).Select(h => h.Text)];
        CollectionAssert.AreEqual(new[] { "a", "b", "ab", "ba", "" }, texts);
    }

    [TestMethod]
    public void Long_and_improbable_input_does_not_underflow()
    {
        float[] frames = [.. Enumerable.Repeat(Log(1e-30, 1e-30, 1e-30, 1e-30), 2000).SelectMany(frame => frame)];
        CtcHypothesis found = Decode(_spaced, new CtcDecodingOptions { MinimumProbability = 0 }, frames)[0];
        Assert.IsTrue(double.IsFinite(found.LogProbability));
        Assert.IsGreaterThan(2000 * Math.Log(1e-30), found.LogProbability);
    }

    [TestMethod]
    public void What_is_impossible_gives_no_transcript()
    {
        float[] none = Log(0, 0, 1, 0, 0, 0, 0, 0);
        Assert.IsEmpty(Decode(_spaced, _exact, none));
        Assert.AreEqual("", Decode(_spaced, _exact, [])[0].Text);
    }

    [TestMethod]
    public void A_last_word_that_breaks_off_is_left_out()
    {
        var decoder = new CtcDecoder(new CtcScorer(_spaced, _exact with { RestrictToWordList = true, Alternatives = 1 }, wordList: ["ab"]));
        Assert.AreEqual("ab", decoder.Decode(Spell("ab"))[0].Text);
        CtcHypothesis found = decoder.Decode(Spell("ab a"))[0];
        CollectionAssert.AreEqual(new[] { new CtcWord("ab", 0, 1) }, found.Words.ToArray());
        Assert.AreEqual("ab", found.Text);
        Assert.AreEqual(0, found.LogProbability, 1e-6);
        Assert.AreEqual("", decoder.Decode(Spell("a"))[0].Text);

        static float[] Spell(string text) => [.. text.SelectMany(character => "- ab".Select(label => MathF.Log(label == character ? 1 : 0)))];
    }

    private static void Check(CtcScorer scorer, float[] frames, Func<string, double> added)
    {
        var truth = new BruteForceCtc(scorer.Alphabet, frames);
        (string Text, double LogProbability, double Score)[] expected =
        [
            .. truth.Probabilities.Where(pair => pair.Value > 0).Select(pair => (pair.Key, Math.Log(pair.Value), Math.Log(pair.Value) + added(pair.Key)))
                .Where(entry => double.IsFinite(entry.Item3)).OrderByDescending(entry => entry.Item3).Take(scorer.Options.Alternatives),
        ];
        IReadOnlyList<CtcHypothesis> found = new CtcDecoder(scorer).Decode(frames);
        if (expected.Length == 0)
        {
            // Nothing ends with an allowed word: what is left may still be one.
            Assert.IsTrue(found.All(hypothesis => double.IsFinite(added(hypothesis.Text))));
            return;
        }

        Assert.HasCount(expected.Length, found);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i].Score, found[i].Score, 1e-5, $"result {i}");
            if (i > 0)
                Assert.IsLessThanOrEqualTo(found[i - 1].Score, found[i].Score);
            Assert.AreEqual(Math.Log(truth.Probabilities[found[i].Text]), found[i].LogProbability, 1e-5, $"'{found[i].Text}'");
            Assert.AreEqual(found[i].LogProbability + added(found[i].Text), found[i].Score, 1e-5, $"'{found[i].Text}'");
        }

        Assert.HasCount(found.Count, found.Select(hypothesis => hypothesis.Text).Distinct());
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static float[] Log(params double[] probabilities) => [.. probabilities.Select(probability => (float)Math.Log(probability))];

    private static IReadOnlyList<CtcHypothesis> Decode(CtcAlphabet alphabet, CtcDecodingOptions options, float[] frames) =>
        new CtcDecoder(new CtcScorer(alphabet, options)).Decode(frames);

    /// <summary>A frame for each character, almost certain, where the question marks stand between two readings.</summary>
    private static float[] Say(CtcAlphabet alphabet, string text, params (string Reading, double Probability)[] readings)
    {
        var frames = new List<float>();
        int place = 0;
        foreach (char character in text)
        {
            double[] row = new double[alphabet.Count];
            Array.Fill(row, 0.001);
            if (character == '?')
            {
                foreach ((string reading, double probability) in readings)
                    row[Label(alphabet, reading[place])] += probability;
                place++;
            }
            else
            {
                row[Label(alphabet, character)] += 1;
            }

            double sum = row.Sum();
            frames.AddRange(row.Select(value => (float)Math.Log(value / sum)));
        }

        return [.. frames];
    }

    private static int Label(CtcAlphabet alphabet, char character) =>
        Enumerable.Range(0, alphabet.Count).First(label => alphabet[label] == character.ToString());
}
