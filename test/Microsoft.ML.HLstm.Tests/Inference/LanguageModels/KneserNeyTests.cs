namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

[TestClass]
public sealed class KneserNeyTests
{
    [TestMethod]
    [DataRow(1, 40)]
    [DataRow(2, 40)]
    [DataRow(3, 40)]
    [DataRow(4, 10)]
    public void Probabilities_are_those_of_the_definition(int order, int sentences)
    {
        string[] text = SampleText.Sentences(sentences, 1);
        var naive = new NaiveKneserNey(text, order);
        NGramLanguageModel model = NGramLanguageModel.Estimate(text, order);
        Assert.AreEqual(naive.Vocabulary.Length + 1, model.VocabularySize);
        foreach (string[] history in Histories(order))
        {
            int context = Context(model, history);
            foreach (string token in naive.Vocabulary)
                Assert.AreEqual(Math.Log(naive.Probability(token, history)), model.Table.Score(context, model.Vocabulary.Find(token), out _), 2e-6, $"{token} after {string.Join(' ', history)}");
        }
    }

    [TestMethod]
    public void The_discounts_of_enough_text_come_from_the_counts()
    {
        double[] discounts = new NaiveKneserNey(SampleText.Sentences(200, 1), 3).DiscountsOf(3);
        CollectionAssert.AreNotEqual(new[] { 0, 0.5, 1, 1.5 }, discounts);
        Probabilities_are_those_of_the_definition(3, 200);
    }

    [TestMethod]
    public void A_bigram_model_worked_by_hand()
    {
        // Bigrams: <s> a, a b, b </s> | <s> a, a </s>. Discounts fall back to 0.5, 1, 1.5.
        // Different predecessors: a 1, b 1, </s> 2; total 4; discounted 0.5 + 0.5 + 1 = 2; vocabulary a, b, </s>, <unk>.
        NGramLanguageModel model = NGramLanguageModel.Estimate(["a b", "a"], 2);
        double a = (0.5 / 4) + (0.5 / 4), end = (1.0 / 4) + (0.5 / 4), unknown = 0.5 / 4;
        // After a: b 1, </s> 1; discounted 1 of 2. After <s>: a 2, discounted 1 of 2. After b: </s> 1, discounted 0.5 of 1.
        double aFirst = 0.5 + (0.5 * a), bAfterA = 0.25 + (0.5 * a), endAfterB = 0.5 + (0.5 * end), endAfterA = 0.25 + (0.5 * end);
        Assert.AreEqual(Math.Log(aFirst * bAfterA * endAfterB), model.LogProbability("a b"), 1e-6);
        Assert.AreEqual(Math.Log(aFirst * endAfterA), model.LogProbability(" a "), 1e-6);
        Assert.AreEqual(Math.Log(0.5 * unknown * end), model.LogProbability("c"), 1e-6);
        Assert.AreEqual(Math.Log(0.5 * end), model.LogProbability(""), 1e-6);
        double perplexity = Math.Pow(aFirst * bAfterA * endAfterB * 0.5 * unknown * end, -1.0 / 5);
        Assert.AreEqual(perplexity, model.Perplexity(["a b", "c"]), 1e-5);
    }

    [TestMethod]
    [DataRow(LanguageModelUnit.Word)]
    [DataRow(LanguageModelUnit.Character)]
    public void Probabilities_after_any_context_sum_to_one(LanguageModelUnit unit)
    {
        NGramLanguageModel model = NGramLanguageModel.Estimate(SampleText.Sentences(100, 2), 4, unit);
        for (int context = 0; context < model.Table.Level(model.Order).First; context++)
        {
            if (model.Table.Token(context) == model.Vocabulary.End)
                continue;
            double sum = Enumerable.Range(0, model.VocabularySize).Sum(token => Math.Exp(model.Table.Score(context, token, out _)));
            Assert.AreEqual(1, sum, 2e-6, $"context {context}");
        }
    }

    [TestMethod]
    public void More_context_predicts_held_out_text_better()
    {
        string[] train = SampleText.Sentences(2000, 3), test = SampleText.Sentences(300, 4);
        double[] perplexities = [.. Enumerable.Range(1, 3).Select(order => NGramLanguageModel.Estimate(train, order).Perplexity(test))];
        Assert.IsLessThan(13, perplexities[0]); // never worse than knowing nothing of 12 words and the end
        Assert.IsLessThan(perplexities[1], perplexities[2]);
        Assert.IsLessThan(0.7 * perplexities[0], perplexities[2]);
        Assert.IsGreaterThan(2, perplexities[2]);
    }

    [TestMethod]
    public void Bad_text_is_refused()
    {
        Assert.Contains("Sentence 1 has the token '</s>'", Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate(["a", "b </s>"])).Message);
        Assert.Contains("Of 2 sentences 0", Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate(["", " "])).Message);
        Assert.Contains("order is 9", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NGramLanguageModel.Estimate(["a"], 9)).Message);
        Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate([new string('ü', 200)]));
        Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate(["a"]).Perplexity([]));
    }

    private static IEnumerable<string[]> Histories(int order)
    {
        string[] words = ["<s>", "one", "two", "stop", "nowhere"];
        IEnumerable<string[]> histories = [[]];
        for (int length = 1; length < order; length++)
            histories = [.. histories, .. histories.Where(history => history.Length == length - 1).SelectMany(history => words.Where(word => word != "<s>").Select(word => (string[])[.. history, word]))];
        return histories.Concat(histories.Where(history => history.Length < order - 1).Select(history => (string[])["<s>", .. history]));
    }

    private static int Context(NGramLanguageModel model, string[] history)
    {
        int context = 0;
        foreach (string token in history)
        {
            if (token == "<s>")
                context = model.BeginContext.Tokens;
            else
                _ = model.Table.Score(context, model.Vocabulary.Find(token), out context);
        }

        return context;
    }
}
