using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public sealed class TranslationScorerTests
{
    [TestMethod]
    [DataRow(true, true, false, 2, 2)]
    [DataRow(true, false, true, 1, 2)]
    [DataRow(false, true, true, 2, 1)]
    [DataRow(false, false, false, 1, 1)]
    [DataRow(true, true, false, 1, 3)]
    [DataRow(true, true, false, 3, 1)]
    public void Log_probabilities_are_those_of_the_formulas(bool bidirectional, bool inputFeeding, bool tied, int encoder, int decoder)
    {
        TranslationWeights weights = new RandomWeights(encoder).Translation(bidirectional, inputFeeding, tied, encoder, decoder);
        var scorer = new TranslationScorer(weights);
        int[] target = [5, 4, 7, 1, 6];
        foreach (int[] source in new int[][] { [4, 5, 6, 7, 8, 4, 4, 1], [], [8] })
        {
            double[][] expected = NaiveTranslation.Run(weights, source, target).LogProbabilities;
            float[] actual = scorer.LogProbabilities(source, target);
            HLstmCellScorerTests.AssertClose([.. target.Append(3).Select((token, index) => expected[index][token])], actual);
        }
    }

    [TestMethod]
    public void A_translation_is_what_greedy_search_over_the_formulas_gives()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            TranslationWeights weights = new RandomWeights(seed).Translation(targetVocabulary: 30);
            int[] source = [4, 6, 5, 8, 7];
            List<int> greedy = [];
            List<int> attended = [];
            while (greedy.Count < 8)
            {
                (double[][] all, double[][] attention) = NaiveTranslation.Run(weights, source, [.. greedy]);
                int best = Enumerable.Range(0, 30).Where(token => token is not (0 or 2)).MaxBy(token => all[^1][token]);
                if (best == 3)
                    break;
                greedy.Add(best);
                attended.Add(Enumerable.Range(0, source.Length).MaxBy(position => attention[^1][position]));
            }

            BeamHypothesis found = new TranslationScorer(weights).Translate(source, new BeamSearchOptions { BeamWidth = 1, MaximumLength = 8 }).Single();
            CollectionAssert.AreEqual(greedy, found.Tokens);
            CollectionAssert.AreEqual(attended, found.Attended);
        }
    }

    [TestMethod]
    public void Every_result_of_a_beam_has_the_log_probability_of_its_tokens()
    {
        TranslationWeights weights = new RandomWeights(3).Translation(targetVocabulary: 12);
        var network = new PackedTranslation(weights);
        var scorer = new TranslationScorer(network);
        var check = new TranslationScorer(network);
        var options = new BeamSearchOptions { BeamWidth = 6, ResultCount = 6, MaximumLength = 7 };
        foreach (int[] source in new int[][] { [4, 5, 6, 7, 8, 4, 4], [8], [5, 5, 5] })
        {
            IReadOnlyList<BeamHypothesis> found = scorer.Translate(source, options);
            Assert.HasCount(6, found);
            foreach (BeamHypothesis result in found)
                Assert.AreEqual(check.LogProbabilities(source, result.Tokens).Sum(), result.LogProbability, 1e-4);
        }
    }

    [TestMethod]
    public void Scorers_on_several_threads_share_a_network()
    {
        var network = new PackedTranslation(new RandomWeights(3).Translation(targetVocabulary: 30));
        var options = new BeamSearchOptions { MaximumLength = 20 };
        int[][] sources = [.. Enumerable.Range(0, 40).Select(i => Enumerable.Range(0, i % 7).Select(j => 4 + (i + j) % 5).ToArray())];
        string[] Run(TranslationScorer scorer) => [.. sources.Select(s => string.Join(' ', scorer.Translate(s, options)[0].Tokens))];
        string[] expected = Run(new TranslationScorer(network));
        var results = new string[4][];
        Parallel.For(0, 4, thread => results[thread] = Run(new TranslationScorer(network)));
        foreach (string[] result in results)
            CollectionAssert.AreEqual(expected, result);
    }

    [TestMethod]
    public void An_empty_source_has_nothing_to_attend_to()
    {
        var scorer = new TranslationScorer(new RandomWeights(3).Translation());
        BeamHypothesis found = scorer.Translate([], new BeamSearchOptions { BeamWidth = 1, MaximumLength = 3 })[0];
        Assert.IsTrue(found.Attended.All(position => position == -1));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(9)]
    public void A_token_outside_the_vocabulary_is_named(int token)
    {
        var scorer = new TranslationScorer(new RandomWeights(3).Translation(sourceVocabulary: 9));
        ArgumentOutOfRangeException error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scorer.Translate([4, token], new BeamSearchOptions()));
        StringAssert.Contains(error.Message, $"Token 1 of the source is {token}");
    }

    [TestMethod]
    [DataRow(1, false)]
    [DataRow(5, false)]
    [DataRow(30, false)]
    [DataRow(5, true)]
    [DataRow(30, true)]
    [DoNotParallelize]
    public void A_decoding_step_allocates_nothing_after_the_first(int hypotheses, bool shortlisted)
    {
        int[] few = [0, 1, 2, 3, 7, 20, 21, 22, 49], candidates = shortlisted ? few : [.. Enumerable.Range(0, 50)];
        var network = new PackedTranslation(new RandomWeights(3).Translation(targetVocabulary: 50));
        var encoder = new TranslationEncoder(network);
        var decoder = new TranslationDecoder(network, encoder) { Shortlists = shortlisted ? [few] : null };
        int[] source = [4, 5, 6], parents = new int[hypotheses], tokens = [.. Enumerable.Range(4, hypotheses)];
        double[] sums = new double[hypotheses];
        void Steps()
        {
            encoder.Encode(source);
            decoder.Begin(hypotheses);
            for (int step = 0; step < 50; step++)
            {
                decoder.Step(parents, tokens);
                while (decoder.TryReadScores(out StepScores scores))
                {
                    for (int lane = 0; lane < scores.Count; lane++)
                    {
                        double sum = 0;
                        foreach (int token in candidates)
                            sum += Math.Exp(scores.LogProbability(lane, token));
                        sums[scores.First + lane] = sum;
                    }
                }
            }
        }

        Steps();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Steps();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (double sum in sums)
            Assert.AreEqual(1, sum, 1e-4);
    }

    [TestMethod]
    [DoNotParallelize]
    public void A_search_allocates_its_results_alone()
    {
        var network = new PackedTranslation(new RandomWeights(3).Translation(targetVocabulary: 50));
        // Never ends by itself: its results differ in length by what is allowed.
        network.Weights.OutputProjection.Bias[SpecialTokens.End] = -100;
        var scorer = new TranslationScorer(network);
        int[] source = [4, 5, 6];
        long Allocated(int length)
        {
            var options = new BeamSearchOptions { MaximumLength = length, LengthNormalization = 0 };
            scorer.Translate(source, options);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.HasCount(length, scorer.Translate(source, options)[0].Tokens);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        // Five hypotheses end at the maximum length, each with two arrays of that many numbers.
        Assert.AreEqual(5 * 2 * 40 * sizeof(int), Allocated(60) - Allocated(20));
    }

    [TestMethod]
    [DataRow(1, true)]
    [DataRow(5, true)]
    [DataRow(5, false)]
    [DataRow(13, true)]
    public void Sentences_side_by_side_are_translated_as_one_by_one(int beamWidth, bool bidirectional)
    {
        foreach (int count in new[] { 0, 1, 2, 7, 9, 40, 70 })
        {
            var random = new Random(count);
            var network = new PackedTranslation(new RandomWeights(3).Translation(bidirectional, targetVocabulary: 30));
            int[][] sources = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, random.Next(12)).Select(_ => random.Next(4, 9)).ToArray())];
            var options = new BeamSearchOptions { BeamWidth = beamWidth, ResultCount = Math.Min(3, beamWidth), MaximumLength = 12 };
            var single = new TranslationScorer(network);
            IReadOnlyList<BeamHypothesis>[] together = new TranslationScorer(network).TranslateAll([.. sources.Select(s => (ReadOnlyMemory<int>)s)], options);
            Assert.HasCount(count, together);
            for (int i = 0; i < count; i++)
                AssertEqual(single.Translate(sources[i], options), together[i]);
        }
    }

    [TestMethod]
    public void Two_threads_encode_what_one_does()
    {
        var network = new PackedTranslation(new RandomWeights(3).Translation(targetVocabulary: 30));
        var options = new BeamSearchOptions { ResultCount = 5, MaximumLength = 12 };
        TranslationScorer one = new(network), two = new(network, threads: 2);
        foreach (int[] source in new int[][] { [], [4, 5, 6, 7, 8, 4, 4], [8] })
        {
            IReadOnlyList<BeamHypothesis> expected = one.Translate(source, options), found = two.Translate(source, options);
            CollectionAssert.AreEqual(expected.Select(r => r.LogProbability).ToArray(), found.Select(r => r.LogProbability).ToArray());
        }
    }

    private static void AssertEqual(IReadOnlyList<BeamHypothesis> expected, IReadOnlyList<BeamHypothesis> actual)
    {
        Assert.HasCount(expected.Count, actual);
        for (int i = 0; i < expected.Count; i++)
        {
            CollectionAssert.AreEqual(expected[i].Tokens, actual[i].Tokens);
            CollectionAssert.AreEqual(expected[i].Attended, actual[i].Attended);
            Assert.AreEqual(expected[i].LogProbability, actual[i].LogProbability, 1e-5);
        }
    }
}
