using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tests.Inference;

[TestClass]
public sealed class BeamSearchTests
{
    [TestMethod]
    [DataRow(0.0, true)]
    [DataRow(0.6, true)]
    [DataRow(1.0, true)]
    [DataRow(1.0, false)]
    public void A_wide_beam_finds_what_exhaustive_search_finds(double alpha, bool allowUnknown)
    {
        int[] allowed = allowUnknown ? [1, 4, 5, 6] : [4, 5, 6];
        for (int seed = 0; seed < 20; seed++)
        {
            TableModel model = TableModel.Random(7, seed);
            var options = new BeamSearchOptions
            {
                BeamWidth = 200,
                ResultCount = 20,
                MaximumLength = 3,
                LengthNormalization = alpha,
                AllowUnknown = allowUnknown,
            };
            var expected = model.All(3, allowed)
                .Select(all => (all.Tokens, all.LogProbability, Score: all.LogProbability / Math.Pow((5 + all.Tokens.Length + 1) / 6.0, alpha)))
                .OrderByDescending(all => all.Score).Take(20).ToArray();
            IReadOnlyList<BeamHypothesis> found = new BeamSearch().Search(model, options);
            Assert.HasCount(20, found);
            for (int index = 0; index < found.Count; index++)
            {
                CollectionAssert.AreEqual(expected[index].Tokens, found[index].Tokens, $"seed {seed}, result {index}");
                Assert.AreEqual(expected[index].LogProbability, found[index].LogProbability, 1e-6);
                Assert.AreEqual(expected[index].Score, found[index].Score, 1e-6);
            }
        }
    }

    [TestMethod]
    [DataRow(8)]
    [DataRow(16)]
    [DataRow(64)]
    public void Sources_and_lanes_side_by_side_change_nothing(int lanes)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            var options = new BeamSearchOptions { BeamWidth = 5, ResultCount = 5, MaximumLength = 9, NoRepeatNgramSize = 2 };
            TableModel random = TableModel.Random(37, seed);
            IReadOnlyList<BeamHypothesis>[] found = new BeamSearch().SearchAll(new TableModel(37, random.Next) { Sources = 7, LanesOfBlock = lanes }, options);
            Assert.HasCount(7, found);
            for (int source = 0; source < found.Length; source++)
            {
                int[] start = source == 0 ? [] : [-source];
                IReadOnlyList<BeamHypothesis> expected = new BeamSearch().Search(new TableModel(37, prefix => random.Next([.. start, .. prefix])), options);
                CollectionAssert.AreEqual(expected.Select(Text).ToArray(), found[source].Select(Text).ToArray());
            }
        }
    }

    [TestMethod]
    public void A_beam_of_one_is_greedy_search()
    {
        var search = new BeamSearch();
        for (int seed = 0; seed < 50; seed++)
        {
            TableModel model = TableModel.Random(40, seed);
            var greedy = new List<int>();
            double sum = 0;
            while (true)
            {
                float[] next = model.Next([.. greedy]);
                int best = Enumerable.Range(0, 40).Where(token => token is not (0 or 2)).MaxBy(token => next[token]);
                if (greedy.Count == 12)
                    best = SpecialTokens.End;
                sum += next[best];
                if (best == SpecialTokens.End)
                    break;
                greedy.Add(best);
            }

            BeamHypothesis found = search.Search(model, new BeamSearchOptions { BeamWidth = 1, MaximumLength = 12 }).Single();
            CollectionAssert.AreEqual(greedy, found.Tokens);
            Assert.AreEqual(sum, found.LogProbability, 1e-5);
        }
    }

    [TestMethod]
    public void Results_are_sorted_different_and_free_of_special_tokens()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var options = new BeamSearchOptions { BeamWidth = 8, ResultCount = 8, MaximumLength = 6, AllowUnknown = false };
            IReadOnlyList<BeamHypothesis> found = new BeamSearch().Search(TableModel.Random(9, seed), options);
            Assert.HasCount(8, found);
            Assert.AreEqual(8, found.Select(result => string.Join(' ', result.Tokens)).Distinct().Count());
            CollectionAssert.AreEqual(found.Select(r => r.Score).OrderDescending().ToArray(), found.Select(r => r.Score).ToArray());
            Assert.IsTrue(found.All(result => result.Tokens.All(token => token >= SpecialTokens.Count)));
            Assert.IsTrue(found.All(result => result.Attended.SequenceEqual(Enumerable.Range(0, result.Tokens.Length))));
        }
    }

    [TestMethod]
    public void Length_normalisation_lets_a_longer_sequence_win()
    {
        // "4" costs 1.0 in all; "5 5 5 5 5" costs 1.5, but 11 / 7 as long a penalty.
        var model = new TableModel(6, prefix =>
        {
            float[] next = [.. Enumerable.Repeat(float.NegativeInfinity, 6)];
            if (prefix.Length == 0)
                (next[4], next[5]) = (-1f, -1.5f);
            else if (prefix[0] == 4 || prefix.Length == 5)
                next[SpecialTokens.End] = 0;
            else
                next[5] = 0;
            return next;
        });
        var options = new BeamSearchOptions { BeamWidth = 2, MaximumLength = 10 };
        CollectionAssert.AreEqual(new[] { 4 }, new BeamSearch().Search(model, options with { LengthNormalization = 0 })[0].Tokens);
        BeamHypothesis longer = new BeamSearch().Search(model, options with { LengthNormalization = 1 })[0];
        CollectionAssert.AreEqual(new[] { 5, 5, 5, 5, 5 }, longer.Tokens);
        Assert.AreEqual(-1.5, longer.LogProbability, 1e-6);
        Assert.AreEqual(-1.5 * 6 / 11, longer.Score, 1e-6);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void No_ngram_comes_twice_where_that_is_asked(int size)
    {
        int repeatsWithout = 0;
        for (int seed = 0; seed < 20; seed++)
        {
            // Depends on the last token only and ends rarely: full of repeats unless they are forbidden.
            TableModel random = TableModel.Random(8, seed, 6);
            var model = new TableModel(8, prefix =>
            {
                float[] next = random.Next(prefix[^Math.Min(1, prefix.Length)..]);
                next[SpecialTokens.End] = -8;
                return next;
            });
            var options = new BeamSearchOptions { BeamWidth = 4, ResultCount = 4, MaximumLength = 15 };
            Assert.IsFalse(new BeamSearch().Search(model, options with { NoRepeatNgramSize = size }).Any(result => Repeats(result, size)));
            repeatsWithout += new BeamSearch().Search(model, options).Count(result => Repeats(result, size));
        }

        Assert.IsGreaterThan(20, repeatsWithout);
    }

    [TestMethod]
    public void Forbidding_repeats_changes_nothing_for_a_sequence_without_any()
    {
        int[] text = [4, 5, 4, 6, 5, 4, 4, 6, 6, 5];
        var model = new TableModel(7, prefix =>
        {
            float[] next = [.. Enumerable.Repeat(-9f, 7)];
            next[prefix.Length < text.Length ? text[prefix.Length] : SpecialTokens.End] = 0;
            return next;
        });
        // "4 6" comes twice, "5 4" comes twice, no three tokens do.
        var options = new BeamSearchOptions { BeamWidth = 1 };
        CollectionAssert.AreEqual(text, new BeamSearch().Search(model, options with { NoRepeatNgramSize = 3 })[0].Tokens);
        CollectionAssert.AreNotEqual(text, new BeamSearch().Search(model, options with { NoRepeatNgramSize = 2 })[0].Tokens);
    }

    [TestMethod]
    public void Ties_go_to_the_lower_token()
    {
        var model = new TableModel(50, prefix => [.. Enumerable.Repeat(MathF.Log(1f / 50), 50)]);
        var options = new BeamSearchOptions { BeamWidth = 3, ResultCount = 3, MaximumLength = 1, LengthNormalization = 0, AllowUnknown = false };
        int[][] found = [.. new BeamSearch().Search(model, options).Select(result => result.Tokens)];
        CollectionAssert.AreEqual(Array.Empty<int>(), found[0]);
        CollectionAssert.AreEqual(new[] { 4 }, found[1]);
        CollectionAssert.AreEqual(new[] { 5 }, found[2]);
    }

    [TestMethod]
    public void An_ending_below_the_beam_is_no_result()
    {
        // After the first step: "4 end" -1.0, "4 4" -1.2, then "5 end" -1.3, which two hypotheses are ahead of.
        float none = float.NegativeInfinity;
        var model = new TableModel(6, prefix => prefix switch
        {
            [] => [none, none, none, none, -1.0f, -1.1f],
            [4] => [none, none, none, 0, -0.2f, none],
            [5] => [none, none, none, -0.2f, -0.4f, none],
            _ => [none, none, none, -0.15f, none, none],
        });
        var options = new BeamSearchOptions { BeamWidth = 2, ResultCount = 2, LengthNormalization = 0 };
        IReadOnlyList<BeamHypothesis> found = new BeamSearch().Search(model, options);
        CollectionAssert.AreEqual(new[] { 4 }, found[0].Tokens);
        CollectionAssert.AreEqual(new[] { 4, 4 }, found[1].Tokens);
    }

    [TestMethod]
    public void The_search_stops_when_the_best_result_is_out_of_reach()
    {
        var model = new TableModel(5, prefix => [-20, -20, -20, prefix.Length == 2 ? -0.01f : -9, prefix.Length == 2 ? -9 : -0.01f]);
        BeamHypothesis found = new BeamSearch().Search(model, new BeamSearchOptions { BeamWidth = 4, MaximumLength = 100, LengthNormalization = 0.5 })[0];
        CollectionAssert.AreEqual(new[] { 4, 4 }, found.Tokens);
        Assert.IsLessThan(8, model.Steps);
    }

    [TestMethod]
    public void A_model_without_any_probability_gives_no_result()
    {
        Assert.IsEmpty(new BeamSearch().Search(new TableModel(5, _ => [.. Enumerable.Repeat(float.NaN, 5)]), new BeamSearchOptions()));
        Assert.IsEmpty(new BeamSearch().Search(new TableModel(5, _ => [.. Enumerable.Repeat(float.NegativeInfinity, 5)]), new BeamSearchOptions()));
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        BeamSearchOptions good = new();
        (string, BeamSearchOptions)[] cases =
        [
            (nameof(good.BeamWidth), good with { BeamWidth = 0 }),
            (nameof(good.MaximumLength), good with { MaximumLength = 0 }),
            (nameof(good.LengthNormalization), good with { LengthNormalization = double.NaN }),
            (nameof(good.ResultCount), good with { ResultCount = 6 }),
            (nameof(good.NoRepeatNgramSize), good with { NoRepeatNgramSize = -1 }),
        ];
        foreach ((string name, BeamSearchOptions options) in cases)
            Assert.AreEqual(name, Assert.ThrowsExactly<ArgumentOutOfRangeException>(options.Validate).ParamName);
    }

    private static string Text(BeamHypothesis result) =>
        $"{string.Join(' ', result.Tokens)} / {string.Join(' ', result.Attended)} / {result.LogProbability:R} / {result.Score:R}";

    private static bool Repeats(BeamHypothesis result, int size)
    {
        string[] ngrams = [.. Enumerable.Range(0, Math.Max(0, result.Tokens.Length - size + 1))
            .Select(start => string.Join(' ', result.Tokens[start..(start + size)]))];
        return ngrams.Distinct().Count() < ngrams.Length;
    }
}
