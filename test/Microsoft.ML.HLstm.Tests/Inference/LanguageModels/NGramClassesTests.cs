using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

/// <summary>Language models of words and of their classes.</summary>
[TestClass]
public sealed class NGramClassesTests
{
    [TestMethod]
    [DataRow(2, 3)]
    [DataRow(3, 5)]
    public void A_probability_is_half_the_words_and_half_their_classes(int order, int classes)
    {
        string[] text = SampleText.Sentences(60, 1);
        NGramLanguageModel model = NGramLanguageModel.Estimate(text, order, classes: classes);
        Assert.AreEqual(classes, model.Classes);
        NGramVocabulary names = model.WordClasses!.Vocabulary;
        string ClassOf(string word) => names[model.WordClasses.OfToken[model.Vocabulary.Find(word)]].Replace(' ', '-');
        string[] ofClasses = [.. text.Select(sentence => string.Join(' ', sentence.Split(' ').Select(ClassOf)))];
        var words = new NaiveKneserNey(text, order);
        var sorts = new NaiveKneserNey(ofClasses, order);
        Dictionary<string, int> counts = text.SelectMany(sentence => sentence.Split(' ')).CountBy(word => word).ToDictionary();

        foreach (string sentence in SampleText.Sentences(20, 2))
        {
            string[] history = ["<s>"], sortHistory = ["<s>"];
            double expected = 0;
            foreach (string word in (string[])[.. sentence.Split(' '), "</s>"])
            {
                string sort = ClassOf(word);
                double share = word == "</s>" ? 1 : (double)counts[word] / counts.Where(pair => ClassOf(pair.Key) == sort).Sum(pair => pair.Value);
                expected += Math.Log((words.Probability(word, history) / 2) + (sorts.Probability(sort, sortHistory) * share / 2));
                (history, sortHistory) = ([.. history, word], [.. sortHistory, sort]);
            }

            Assert.AreEqual(expected, model.LogProbability(sentence), 1e-5, sentence);
        }
    }

    [TestMethod]
    public void Probabilities_after_a_context_sum_to_one()
    {
        NGramLanguageModel model = NGramLanguageModel.Estimate(SampleText.Sentences(60, 3), 3, classes: 4);
        NGramContext context = model.BeginContext;
        foreach (string word in (string[])["one", "two", "nowhere", "stop"])
        {
            double sum = Enumerable.Range(0, model.VocabularySize).Sum(token => Math.Exp(model.Score(context, token, out _)));
            Assert.AreEqual(1, sum, 1e-5);
            _ = model.Score(context, model.Vocabulary.Find(word), out context);
        }
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(4)]
    public void Words_of_no_sentence_share_what_is_left_for_unknown_ones(int classes)
    {
        string[] text = SampleText.Sentences(60, 3);
        NGramLanguageModel without = NGramLanguageModel.Estimate(text, 3, classes: classes);
        NGramLanguageModel with = NGramLanguageModel.Estimate(text, 3, classes: classes, words: ["ten", "one", "eleven", "ten"]);
        Assert.AreEqual(without.VocabularySize + 2, with.VocabularySize);
        NGramContext context = with.BeginContext;
        foreach (string word in (string[])["one", "ten", "two", "nowhere", "eleven"])
        {
            Assert.AreEqual(1, Enumerable.Range(0, with.VocabularySize).Sum(token => Math.Exp(with.Score(context, token, out _))), 1e-5);
            double ofTen = with.Score(context, with.Vocabulary.Find("ten"), out _);
            Assert.AreEqual(ofTen, with.Score(context, with.Vocabulary.Find("eleven"), out _), 1e-6);
            Assert.AreEqual(ofTen, with.Score(context, with.Vocabulary.Unknown, out _), 1e-6);
            _ = with.Score(context, with.Vocabulary.Find(word), out context);
        }

        // What known words lose, the two have.
        Assert.IsLessThan(without.LogProbability("nowhere") + Math.Log(1.01), with.LogProbability("ten"));
        Assert.IsLessThan(with.LogProbability("ten"), without.LogProbability("nowhere") - Math.Log(3));
    }

    [TestMethod]
    [DataRow("", "''")]
    [DataRow("a b", "'a b'")]
    [DataRow(" a", "' a'")]
    [DataRow("</s>", "'</s>'")]
    public void Words_that_are_none_are_named(string word, string expected) => Assert.Contains(
        expected, Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate(["a b"], words: ["c", word])).Message);

    [TestMethod]
    public void Models_of_characters_know_no_words() => Assert.Contains(
        "'c'", Assert.ThrowsExactly<ArgumentException>(() => NGramLanguageModel.Estimate(["a b"], unit: LanguageModelUnit.Character, words: ["c"])).Message);

    [TestMethod]
    public void Classes_help_where_text_is_short()
    {
        // Any letter follows any digit: most pairs of the test were never seen.
        string[] Text(int seed, int count)
        {
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, 6).Select(place => (char)((place % 2 == 0 ? 'a' : '0') + random.Next(10)))))];
        }

        double with = NGramLanguageModel.Estimate(Text(1, 40), 3, classes: 2).Perplexity(Text(2, 100));
        double without = NGramLanguageModel.Estimate(Text(1, 40), 3).Perplexity(Text(2, 100));
        Assert.IsLessThan(0.9 * without, with);
    }

    [TestMethod]
    public void What_an_arpa_file_cannot_hold_is_not_written()
    {
        NGramLanguageModel model = NGramLanguageModel.Estimate(["a b", "b a"], classes: 1);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        Assert.Contains("1 classes", Assert.ThrowsExactly<InvalidOperationException>(() => model.SaveArpa(path)).Message);
        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1001)]
    public void A_number_out_of_range_is_named(int classes) =>
        Assert.Contains($"{classes}", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => NGramLanguageModel.Estimate(["a b"], classes: classes)).Message);
}
