using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

[TestClass]
public sealed class ArpaTests
{
    private const string Small = """
        made by hand

        \data\
        ngram 1=5
        ngram 2=3
        ngram  3=1

        \1-grams:
        -99 <s> -0.3
        -1.0	</s>
        -0.5	a	-0.2
        -0.7	b
        -2.5	<UNK>

        \2-grams:
        -0.4 <s> a -0.1
        -0.25 a b
        -0.6 b a -0.15

        \3-grams:
        -0.05 <s> a b

        \end\
        """;

    [TestMethod]
    public void Back_off_is_as_the_format_defines_it()
    {
        NGramLanguageModel model = Read(Small);
        Assert.AreEqual((3, 5, 9), (model.Order, model.VocabularySize, model.Count));
        Assert.AreEqual(-0.4 - 0.05 + 0 - 1.0, Log10(model, "a b"), 1e-6); // p(a|<s>), p(b|<s> a), back-off of b (absent), p(</s>)
        Assert.AreEqual(-0.3 - 0.7 - 0.6 - 0.15 - 0.2 - 1.0, Log10(model, "b a"), 1e-6); // back-offs of <s>, of "b a" and of a
        Assert.AreEqual(-0.4 - 0.1 - 0.2 - 2.5 - 1.0, Log10(model, "a what"), 1e-6); // an unknown word, after which nothing is known
    }

    [TestMethod]
    [DataRow(1, LanguageModelUnit.Word)]
    [DataRow(3, LanguageModelUnit.Word)]
    [DataRow(5, LanguageModelUnit.Character)]
    public void Written_and_read_a_model_is_the_same(int order, LanguageModelUnit unit)
    {
        string[] text = SampleText.Sentences(50, 1);
        NGramLanguageModel model = NGramLanguageModel.Estimate(text, order, unit);
        string path = Path.GetTempFileName();
        try
        {
            model.SaveArpa(path);
            NGramLanguageModel read = NGramLanguageModel.LoadArpa(path, unit);
            Assert.AreEqual((model.Order, model.Count, model.VocabularySize), (read.Order, read.Count, read.VocabularySize));
            foreach (string sentence in text.Concat(["one unknown two", ""]))
                Assert.AreEqual(model.LogProbability(sentence), read.LogProbability(sentence), 1e-12);
            string first = File.ReadAllText(path);
            read.SaveArpa(path);
            Assert.AreEqual(first, File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_model_without_an_unknown_token_gets_an_unlikely_one()
    {
        NGramLanguageModel model = Read(Small.Replace("-2.5\t<UNK>\n", "", StringComparison.Ordinal).Replace("1=5", "1=4", StringComparison.Ordinal));
        Assert.AreEqual(-0.4 - 0.1 - 0.2 - 100 - 1.0, Log10(model, "a what"), 1e-5);
    }

    [TestMethod]
    public void A_missing_suffix_is_passed_over()
    {
        // Pruned models may have the trigram without the bigram of its last two words.
        NGramLanguageModel model = Read(Small.Replace("-0.25 a b\n", "", StringComparison.Ordinal).Replace("2=3", "2=2", StringComparison.Ordinal));
        Assert.AreEqual(-0.4 - 0.05 - 0.6 - 0.15 - 0.2 - 1.0, Log10(model, "a b a"), 1e-6);
    }

    [TestMethod]
    [DataRow("ngram 1=5", "ngram 1=6", "model.arpa, line 15: There are 5 1-grams; the head promises 6.")]
    [DataRow("ngram 1=5", "ngram 1=-5", "line 4: 'ngram 1=-5' is not of the form ngram LENGTH=COUNT")]
    [DataRow("ngram 1=5", "ngram 2=5", "line 4: The length of n-grams is 2; 1 is expected")]
    [DataRow("ngram 1=5", "ngram 1=2000000000", "line 4: The number of 1-grams is 2000000000")]
    [DataRow("\\2-grams:", "\\3-grams:", "line 15: '\\3-grams:' stands where \\2-grams: is expected")]
    [DataRow("\\end\\", "\\4-grams:", "'\\4-grams:' stands where \\end\\ is expected")]
    [DataRow("\\end\\", "", "The text ends before \\end\\")]
    [DataRow("\\data\\", "data", "The text ends before \\data\\")]
    [DataRow("-0.7\tb", "-0,7\tb", "line 12: The log-probability is '-0,7'; a number is expected")]
    [DataRow("-0.7\tb", "0.7\tb", "line 12: The log-probability is 0.7; at most 0 is allowed")]
    [DataRow("-0.7\tb", "NaN\tb", "line 12: The log-probability is 'NaN'")]
    [DataRow("-0.7\tb", "-0.7\tb -1 -1", "line 12: The line has 4 fields; a 1-gram has 2 or 3")]
    [DataRow("-0.7\tb", "-0.7\ta", "line 12: The 1-gram is there twice, first in line 11")]
    [DataRow("-0.25 a b", "-0.25 a c", "line 17: The token 'c' is not among the 1-grams")]
    [DataRow("-0.4 <s> a -0.1", "-0.4 a a -0.1", "line 21: The 3-gram begins with '<s> a', which is not among the 2-grams")]
    [DataRow("</s>", "<e>", "lack </s>")]
    public void What_is_wrong_is_said_with_the_line(string good, string bad, string message) =>
        Assert.Contains(message, Assert.ThrowsExactly<InvalidDataException>(() => Read(Small.Replace(good, bad, StringComparison.Ordinal))).Message);

    private static NGramLanguageModel Read(string text)
    {
        (NGramVocabulary vocabulary, NGramTable table) = new ArpaReader(new StringReader(text.ReplaceLineEndings("\n")), "model.arpa").Read();
        return new NGramLanguageModel(LanguageModelUnit.Word, vocabulary, table);
    }

    private static double Log10(NGramLanguageModel model, string sentence) => model.LogProbability(sentence) / Math.Log(10);
}
