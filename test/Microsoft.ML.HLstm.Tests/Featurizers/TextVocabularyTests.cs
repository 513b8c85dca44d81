namespace Microsoft.ML.HLstm.Featurizers;

[TestClass]
public class TextVocabularyTests
{
    private static TextVocabulary Learn(bool words, IEnumerable<string> sentences, bool lowerCase = false) => words
        ? WordVocabulary.Learn(sentences, lowerCase, minimumFrequency: 1)
        : SubwordVocabulary.Learn(sentences, lowerCase, maximumCount: 400);

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void DecodingGivesBackWhatWasEncoded(bool words)
    {
        var random = new Random(11);
        List<string> texts = [.. Enumerable.Range(0, 3000).Select(_ => SentenceMaker.Wild(random)), .. SentenceMaker.WordLike(200, 50, 5)];
        TextVocabulary vocabulary = Learn(words, texts, lowerCase: words);
        foreach (string text in texts)
        {
            int[] ids = vocabulary.Encode(text);
            Assert.IsFalse(ids.AsSpan().Contains(TextVocabulary.Unknown), text);
            Assert.AreEqual(TextNormalizer.Normalize(text, vocabulary.LowerCase), vocabulary.Decode(ids));
        }
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void PiecesStandAtThePositionsOfTheirIds(bool words)
    {
        TextVocabulary vocabulary = Learn(words, SentenceMaker.WordLike(100, 60, 1));
        var random = new Random(2);
        int unknowns = 0;
        for (int i = 0; i < 3000; i++)
        {
            string text = SentenceMaker.Wild(random) + "derrun" + SentenceMaker.Wild(random);
            int[] ids = vocabulary.Encode(text);
            string[] pieces = vocabulary.Pieces(text);
            Assert.HasCount(ids.Length, pieces);
            Assert.AreEqual(TextNormalizer.Normalize(text, false).Replace(" ", "", StringComparison.Ordinal), string.Concat(pieces));
            for (int p = 0; p < ids.Length; p++)
            {
                if (ids[p] == TextVocabulary.Unknown)
                    unknowns++;
                else
                    Assert.AreEqual(vocabulary.Piece(ids[p]), pieces[p]);
            }

            if (!words)
                Assert.AreEqual(TextNormalizer.Normalize(text, false), vocabulary.Decode(ids, position => pieces[position]));
        }

        Assert.IsGreaterThan(1000, unknowns);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void SavingAndLoadingGivesTheSameVocabulary(bool words)
    {
        TextVocabulary vocabulary = Learn(words, SentenceMaker.WordLike(200, 100, 9), lowerCase: words);
        TextVocabulary loaded = Load(Save(vocabulary));
        Assert.AreEqual(vocabulary.Count, loaded.Count);
        Assert.AreEqual(vocabulary.LowerCase, loaded.LowerCase);
        for (int id = 0; id < vocabulary.Count; id++)
            Assert.AreEqual(vocabulary.Decode([id]), loaded.Decode([id]));
        foreach (string text in SentenceMaker.WordLike(100, 300, 10))
            CollectionAssert.AreEqual(vocabulary.Encode(text), loaded.Encode(text));
        CollectionAssert.AreEqual(Save(vocabulary), Save(loaded));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void DamagedDataIsRefusedByOneException(bool words)
    {
        byte[] saved = Save(Learn(words, SentenceMaker.WordLike(60, 40, 9)));
        for (int length = 0; length < saved.Length; length++)
            _ = Assert.ThrowsExactly<InvalidDataException>(() => Load(saved[..length]));

        var random = new Random(4);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = [.. saved];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                _ = Load(damaged).Encode("derhund, 7");
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.IsGreaterThan(100, refused);
    }

    [TestMethod]
    [DataRow(new byte[] { 3, 0 }, "kind 3")]
    [DataRow(new byte[] { 2, 0, 0 }, "generations is 0")]
    [DataRow(new byte[] { 0, 7 }, "lower-case flag is 7")]
    [DataRow(new byte[] { 0, 0, 2, 1, 97, 1, 97 }, "'a' twice")]
    [DataRow(new byte[] { 0, 0, 1, 1, 0xFF }, "not UTF-8")]
    [DataRow(new byte[] { 0, 0, 1, 1, 32 }, "white space")]
    [DataRow(new byte[] { 0, 0, 100, 1, 97 }, "needs 200 bytes")]
    [DataRow(new byte[] { 1, 0, 2, 1, 97, 1, 97, 0 }, "'a' twice")]
    [DataRow(new byte[] { 1, 0, 1, 2, 97, 98, 0 }, "more than one")]
    [DataRow(new byte[] { 1, 0, 1, 1, 97, 1, 0, 1 }, "allowed are 0 to 0")]
    [DataRow(new byte[] { 1, 0, 1, 1, 97, 2, 0, 0, 0, 0 }, "twice")]
    public void TheExceptionSaysWhatIsWrong(byte[] data, string expected) =>
        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => Load(data)).Message);

    [TestMethod]
    public void ReservedIdsAreSkippedAndUnknownOnesReplaced()
    {
        TextVocabulary vocabulary = WordVocabulary.Learn(["a cat sat, a cat"], lowerCase: false, minimumFrequency: 2);
        Assert.AreEqual(6, vocabulary.Count);
        Assert.AreEqual("a", vocabulary.Piece(4));
        int[] ids = [TextVocabulary.Begin, 5, TextVocabulary.Unknown, 4, TextVocabulary.End, TextVocabulary.Padding];
        Assert.AreEqual("cat dog a", vocabulary.Decode(ids, position => position == 2 ? "dog" : "wrong"));
        Assert.AreEqual("cat <unk> a", vocabulary.Decode(ids));
        Assert.Contains("0 to 5", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => vocabulary.Decode([6])).Message);
    }

    [TestMethod]
    public void WordsAreOrderedByFrequencyThenOrdinally()
    {
        WordVocabulary vocabulary = WordVocabulary.Learn(["b a C b", "a C d", "e"], lowerCase: false, minimumFrequency: 2, maximumCount: 6);
        CollectionAssert.AreEqual(new[] { "C", "a" }, new[] { vocabulary.Piece(4), vocabulary.Piece(5) });
        Assert.AreEqual(6, vocabulary.Count);
    }

    [TestMethod]
    public void A_vocabulary_of_as_many_subwords_as_there_may_be_is_read_again()
    {
        var model = new BytePairModel();
        const int Characters = 999;
        for (int i = 0; i < Characters; i++)
            Assert.IsTrue(model.AddCharacter(((char)('一' + i)).ToString()));
        for (int merge = 0; model.Symbols.Count < TextVocabulary.MaximumCount - TextVocabulary.Reserved; merge++)
            Assert.IsTrue(model.AddMerge(merge / Characters, merge % Characters));

        TextVocabulary loaded = Load(Save(new SubwordVocabulary(lowerCase: false, model)));

        Assert.AreEqual(TextVocabulary.MaximumCount, loaded.Count);
    }

    private static byte[] Save(TextVocabulary vocabulary)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        vocabulary.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static TextVocabulary Load(byte[] data)
    {
        using var reader = new BinaryReader(new MemoryStream(data));
        return TextVocabulary.Load(reader);
    }
}
