using Microsoft.ML.HLstm.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public sealed class LexicalTranslationsTests
{
    private const int Das = 0, Haus = 1, Buch = 2, Ein = 3;
    private const int The = 0, House = 1, Book = 2, A = 3;

    /// <summary>P. Koehn, Statistical Machine Translation, 2010, figure 4.4.</summary>
    private static readonly SentencePair[] _textbook = [new(0, [Das, Haus], [The, House]), new(1, [Das, Buch], [The, Book]), new(2, [Ein, Buch], [A, Book])];

    [TestMethod]
    [DataRow(1, 0.5, 0.25, 0.5, 0.5, 0.5)]
    [DataRow(2, 0.6364, 0.1818, 0.6364, 0.4286, 0.5714)]
    [DataRow(3, 0.7479, 0.1208, 0.7479, 0.3466, 0.6534)]
    public void Probabilities_are_those_of_the_textbook(int rounds, double theDas, double bookDas, double bookBuch, double bookEin, double houseHaus)
    {
        LexicalTranslations lexicon = LexicalTranslations.Learn(_textbook, 4, 4, rounds);
        Assert.AreEqual(theDas, lexicon.Probability(Das, The), 1e-4);
        Assert.AreEqual(bookDas, lexicon.Probability(Das, Book), 1e-4);
        Assert.AreEqual(bookBuch, lexicon.Probability(Buch, Book), 1e-4);
        Assert.AreEqual(bookEin, lexicon.Probability(Ein, Book), 1e-4);
        Assert.AreEqual(houseHaus, lexicon.Probability(Haus, House), 1e-4);
        Assert.AreEqual(0f, lexicon.Probability(Haus, A));
    }

    [TestMethod]
    public void The_best_come_first_and_equals_by_their_ids()
    {
        LexicalTranslations lexicon = LexicalTranslations.Learn(_textbook, 5, 4);
        CollectionAssert.AreEqual(new[] { The, House, Book }, lexicon.Best(Das, 9));
        CollectionAssert.AreEqual(new[] { Book }, lexicon.Best(Buch, 1));
        Assert.IsEmpty(lexicon.Best(4, 3));
    }

    [TestMethod]
    public void Every_word_of_a_language_finds_its_translation()
    {
        string[] german = [.. TinyCorpus.Rows.SelectMany(row => row.German.Split(' ')).Distinct()], english = [.. TinyCorpus.Rows.SelectMany(row => row.English.Split(' ')).Distinct()];
        SentencePair[] pairs = [.. TinyCorpus.Rows.Select((row, i) => new SentencePair(i, Ids(row.German, german), Ids(row.English, english)))];
        LexicalTranslations lexicon = LexicalTranslations.Learn(pairs, german.Length, english.Length, 50);
        Assert.AreEqual("house", english[lexicon.Best(Array.IndexOf(german, "haus"), 1)[0]]);
        Assert.AreEqual("they", english[lexicon.Best(Array.IndexOf(german, "ihr"), 1)[0]]);
        Assert.AreEqual("seek", english[lexicon.Best(Array.IndexOf(german, "suche"), 1)[0]]);
    }

    private static int[] Ids(string sentence, string[] words) => [.. sentence.Split(' ').Select(word => Array.IndexOf(words, word))];
}
