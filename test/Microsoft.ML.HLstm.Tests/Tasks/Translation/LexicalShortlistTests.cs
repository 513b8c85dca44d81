using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public sealed class LexicalShortlistTests
{
    private const int SourceVocabulary = 9, TargetVocabulary = 60;

    /// <summary>Common: 10, 20. Source token s: every target token that leaves the rest s when divided by 9, a few of them.</summary>
    private static readonly int[][] _lists = [[10, 20], .. Enumerable.Range(0, SourceVocabulary).Select(s => Enumerable.Range(4, TargetVocabulary - 4).Where(t => t % 9 == s).Take(4).ToArray())];

    private static readonly LexicalShortlist _shortlist = LexicalShortlist.Read(new MemoryStream(Bytes(5, _lists)), SourceVocabulary, TargetVocabulary);

    private static readonly int[][] _sources = [[4, 5, 6, 7, 8, 4, 4], [8], [5, 5, 5], [4, 8, 1], [6], [7, 5], [], [8, 8, 8, 4]];

    [TestMethod]
    public void A_sentence_has_the_candidates_of_its_tokens_and_the_common_ones()
    {
        int[] expected = [.. Enumerable.Range(0, 4).Concat(_lists[0]).Concat(_lists[1 + SpecialTokens.End]).Concat(_lists[1 + 5]).Concat(_lists[1 + 8]).Distinct().Order()];
        CollectionAssert.AreEqual(expected, _shortlist.For([8, 5, 8]));
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Probabilities_are_those_of_the_formulas_among_the_candidates(bool tied)
    {
        TranslationWeights weights = new RandomWeights(4).Translation(tied: tied, sourceVocabulary: SourceVocabulary, targetVocabulary: TargetVocabulary);
        var scorer = new TranslationScorer(new PackedTranslation(weights, shortlisted: true), shortlist: _shortlist);
        foreach (int[] source in _sources)
        {
            int[] candidates = _shortlist.For(source);
            foreach (BeamHypothesis found in scorer.Translate(source, new BeamSearchOptions { BeamWidth = 6, ResultCount = 6, MaximumLength = 7 }))
            {
                CollectionAssert.IsSubsetOf(found.Tokens.Distinct().ToArray(), candidates);
                double[][] all = NaiveTranslation.Run(weights, source, found.Tokens).LogProbabilities;
                double expected = found.Tokens.Append(SpecialTokens.End)
                    .Select((token, step) => all[step][token] - Math.Log(candidates.Sum(candidate => Math.Exp(all[step][candidate])))).Sum();
                Assert.AreEqual(expected, found.LogProbability, 1e-4);
            }
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(7)]
    public void Sentences_that_are_translated_together_score_like_alone(int beam)
    {
        TranslationWeights weights = new RandomWeights(5).Translation(sourceVocabulary: SourceVocabulary, targetVocabulary: TargetVocabulary, density: 1);
        var scorer = new TranslationScorer(new PackedTranslation(weights, shortlisted: true), shortlist: _shortlist);
        var options = new BeamSearchOptions { BeamWidth = beam, ResultCount = beam, MaximumLength = 9, NoRepeatNgramSize = 2 };
        IReadOnlyList<BeamHypothesis>[] together = scorer.TranslateAll([.. _sources.Select(source => (ReadOnlyMemory<int>)source)], options);
        for (int i = 0; i < _sources.Length; i++)
        {
            IReadOnlyList<BeamHypothesis> alone = scorer.Translate(_sources[i], options);
            Assert.HasCount(alone.Count, together[i]);
            for (int rank = 0; rank < alone.Count; rank++)
            {
                CollectionAssert.AreEqual(alone[rank].Tokens, together[i][rank].Tokens);
                CollectionAssert.AreEqual(alone[rank].Attended, together[i][rank].Attended);
                Assert.AreEqual(alone[rank].LogProbability, together[i][rank].LogProbability, 1e-4);
            }
        }
    }

    [TestMethod]
    public void Log_probabilities_of_a_given_target_are_those_among_all_tokens()
    {
        TranslationWeights weights = new RandomWeights(6).Translation(sourceVocabulary: SourceVocabulary, targetVocabulary: TargetVocabulary);
        var scorer = new TranslationScorer(new PackedTranslation(weights, shortlisted: true), shortlist: _shortlist);
        scorer.Translate([4, 5], new BeamSearchOptions());
        CollectionAssert.AreEqual(new TranslationScorer(weights).LogProbabilities([4, 5], [11, 12, 13]), scorer.LogProbabilities([4, 5], [11, 12, 13]));
    }

    [TestMethod]
    public void What_is_learned_has_translations_common_words_and_the_words_themselves()
    {
        string[] german = ["das haus .", "das buch .", "ein buch .", "das ist berlin ."], english = ["the house .", "the book .", "a book .", "berlin , that is it ."];
        TextVocabulary source = WordVocabulary.Learn([.. german, "paris"], false, 1, 100), target = WordVocabulary.Learn([.. english, "paris"], false, 1, 100);
        SentencePair[] pairs = [.. german.Select((text, i) => new SentencePair(i, [.. source.Encode(text), TextVocabulary.End], target.Encode(english[i])))];
        LexicalShortlist shortlist = LexicalShortlist.Learn(pairs, source, target, 1);

        Assert.AreEqual(1, shortlist.Size);
        string[] Words(string text) => [.. shortlist.For(source.Encode(text)).Skip(SpecialTokens.Count).Select(target.Piece)];
        CollectionAssert.IsSubsetOf(new[] { ".", "book" }, Words("buch"));
        CollectionAssert.DoesNotContain(Words("buch"), "house");
        CollectionAssert.Contains(Words("paris"), "paris");
        CollectionAssert.DoesNotContain(Words("buch"), "paris");

        using var file = new MemoryStream();
        shortlist.Write(file);
        file.Position = 0;
        LexicalShortlist read = LexicalShortlist.Read(file, source.Count, target.Count);
        for (int token = 0; token < source.Count; token++)
            CollectionAssert.AreEqual(shortlist.For([token]), read.For([token]));
    }

    [TestMethod]
    public void Damaged_candidates_are_refused()
    {
        static void Refused(byte[] bytes, string message)
        {
            ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => LexicalShortlist.Read(new MemoryStream(bytes), SourceVocabulary, TargetVocabulary));
            StringAssert.Contains(error.Message, message);
            StringAssert.Contains(error.Message, LexicalShortlist.StreamName);
        }

        int[][] With(params int[] first) => [first, .. _lists[1..]];
        Refused(Bytes(0, _lists), "ShortlistSize");
        Refused(Bytes(5, With(3)), "token 3");
        Refused(Bytes(5, With(7, 7)), "token 7");
        Refused(Bytes(5, With(7, 60)), "token 60");
        Refused(Bytes(2, With(7, 8, 9, 10)), "4 candidates");
        Assert.ThrowsExactly<EndOfStreamException>(() => LexicalShortlist.Read(new MemoryStream(Bytes(5, _lists[..5])), SourceVocabulary, TargetVocabulary));
    }

    private static byte[] Bytes(int size, int[][] lists)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write7BitEncodedInt(size);
        foreach (int[] list in lists)
        {
            writer.Write7BitEncodedInt(list.Length);
            for (int i = 0; i < list.Length; i++)
                writer.Write7BitEncodedInt(i == 0 ? list[0] : list[i] - list[i - 1]);
        }

        return stream.ToArray();
    }
}
