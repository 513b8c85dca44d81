namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>What a vocabulary learns later does not change what it learned first.</summary>
[TestClass]
public class VocabularyExtensionTests
{
    private static readonly string[] _russian = ["привет мир !", "привет мама !", "мир и мама .", "привет , der hund"];

    [TestMethod]
    public void New_words_come_after_the_old_ones_the_most_frequent_first()
    {
        WordVocabulary vocabulary = WordVocabulary.Learn(["a b", "a b c"], false, 1);

        TextVocabulary extended = vocabulary.Extend(["d e e a f", "d e x"], vocabulary.Count + 2, 2);

        CollectionAssert.AreEqual(new[] { "a", "b", "c", "e", "d" }, Enumerable.Range(TextVocabulary.Reserved, 5).Select(extended.Piece).ToArray());
        Assert.AreEqual(vocabulary.Count + 2, extended.Count);
        CollectionAssert.AreEqual(vocabulary.Encode("a b c"), extended.Encode("a b c"));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Without_anything_new_or_without_room_it_is_the_same_vocabulary(bool words)
    {
        List<string> sentences = SentenceMaker.WordLike(200, 100, 1);
        TextVocabulary vocabulary = words ? WordVocabulary.Learn(sentences, false, 1) : SubwordVocabulary.Learn(sentences, false, 300);

        Assert.AreSame(vocabulary, vocabulary.Extend(sentences, TextVocabulary.MaximumCount, 1));
        Assert.AreSame(vocabulary, vocabulary.Extend(_russian, vocabulary.Count, 1));
        Assert.AreSame(vocabulary, vocabulary.Extend(_russian, 16, 1));
    }

    [TestMethod]
    public void Subwords_of_texts_without_new_characters_stay_what_they_were()
    {
        SubwordVocabulary vocabulary = SubwordVocabulary.Learn(SentenceMaker.WordLike(300, 100, 3), false, 200);
        // Of the same syllables in other words, so that old characters have new frequent neighbours.
        TextVocabulary extended = vocabulary.Extend([.. SentenceMaker.WordLike(300, 200, 4), .. _russian], 10_000, 2);

        Assert.IsGreaterThan(vocabulary.Count, extended.Count);
        foreach (string sentence in SentenceMaker.WordLike(300, 300, 5))
            CollectionAssert.AreEqual(vocabulary.Encode(sentence), extended.Encode(sentence), sentence);
        for (int id = 0; id < vocabulary.Count; id++)
            Assert.AreEqual(vocabulary.Piece(id), extended.Piece(id));
    }

    [TestMethod]
    public void New_characters_are_no_longer_unknown_and_make_pieces()
    {
        SubwordVocabulary vocabulary = SubwordVocabulary.Learn(SentenceMaker.WordLike(300, 100, 3), false, 200);
        Assert.Contains(TextVocabulary.Unknown, vocabulary.Encode("привет мир"));

        TextVocabulary extended = vocabulary.Extend(_russian, 10_000, 2);

        CollectionAssert.AreEqual(new[] { "привет", "мир" }, extended.Pieces("привет мир"));
        foreach (string sentence in _russian)
            Assert.AreEqual(sentence.Replace(" ", "", StringComparison.Ordinal), string.Concat(extended.Pieces(sentence)));
        Assert.DoesNotContain(TextVocabulary.Unknown, extended.Encode("мамамир"));
    }

    [TestMethod]
    public void The_tokenizer_applies_old_and_new_merges_as_the_definition_says()
    {
        BytePairModel model = BytePairLearner.Learn(PieceSplitter.Count(SentenceMaker.WordLike(300, 100, 3), false), 150, 2);
        List<string> accented = [.. SentenceMaker.WordLike(300, 100, 6).Select(sentence => sentence.Replace("u", "û", StringComparison.Ordinal).Replace("aaa", "aña", StringComparison.Ordinal))];

        BytePairModel extended = BytePairLearner.Extend(model, PieceSplitter.Count(accented, false), 400, 2)!;

        Assert.HasCount(1, model.Generations);
        Assert.HasCount(2, extended.Generations);
        Assert.IsGreaterThan(50, extended.MergesOf(1).Count());
        var vocabulary = new SubwordVocabulary(false, extended);
        foreach (string sentence in accented)
        {
            List<string> expected = [.. PieceSplitter.Split(sentence, false).SelectMany(piece => NaiveBytePair.Segment(piece, extended))];
            CollectionAssert.AreEqual(expected, Array.ConvertAll(vocabulary.Encode(sentence), id => extended.Symbols[id - TextVocabulary.Reserved]), sentence);
        }
    }

    [TestMethod]
    public void One_that_was_extended_twice_is_saved_and_loaded()
    {
        TextVocabulary vocabulary = SubwordVocabulary.Learn(SentenceMaker.WordLike(300, 100, 3), false, 200).Extend(_russian, 10_000, 2).Extend(["猫 猫猫 猫猫"], 10_000, 2);
        using var stream = new MemoryStream();
        vocabulary.Save(new BinaryWriter(stream));

        stream.Position = 0;
        TextVocabulary loaded = TextVocabulary.Load(new BinaryReader(stream));

        Assert.AreEqual(stream.Length, stream.Position);
        Assert.AreEqual(vocabulary.Count, loaded.Count);
        foreach (string sentence in (string[])[.. _russian, "猫猫 der", .. SentenceMaker.WordLike(50, 100, 3)])
            CollectionAssert.AreEqual(vocabulary.Encode(sentence), loaded.Encode(sentence));
        byte[] bytes = stream.ToArray();
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => TextVocabulary.Load(new BinaryReader(new MemoryStream(bytes[..length]))));
    }
}
