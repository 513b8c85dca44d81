namespace Microsoft.ML.HLstm.Metrics;

/// <summary>A pseudo-random corpus of 200 sentences that sacreBLEU (commit f615c72) has scored; the same generator made it.</summary>
[TestClass]
public class BleuCorpusTests
{
    private static readonly string[] _words = ["the", "The", "man", "dog", "runs", ",", ".", "in", "a", "blue-ish", "3.5", "don't", "(park)", "Ä", "&amp;", "house!"];

    private readonly string[] _first;
    private readonly string[] _second;
    private readonly string[] _hypotheses;
    private long _state = 12345;

    public BleuCorpusTests()
    {
        _first = [.. Enumerable.Range(0, 200).Select(_ => Sentence())];
        _hypotheses = [.. _first.Select(Noisy)];
        _second = [.. _first.Select(Noisy)];
    }

    [TestMethod]
    [DataRow(false, 1, 56.133401292768)]
    [DataRow(false, 2, 57.596671766811)]
    [DataRow(true, 1, 56.651507417264)]
    [DataRow(true, 2, 58.146327633388)]
    public void CorpusScoresAreSacreBleus(bool lowerCase, int references, double expected)
    {
        IReadOnlyList<IReadOnlyList<string?>> sets = references == 1 ? [_first] : [_first, _second];
        BleuScore score = Bleu.Corpus(_hypotheses, sets, lowerCase);
        Assert.AreEqual(expected, score.Score, 1e-9);
        Assert.AreEqual(1506, score.HypothesisLength);
        Assert.AreEqual(references == 1 ? 1519 : 1511, score.ReferenceLength);
    }

    [TestMethod]
    public void SentenceScoresAreSacreBleus()
    {
        Assert.AreEqual(11283.3146980336, _hypotheses.Select((h, i) => Bleu.Sentence(h, [_first[i]]).Score).Sum(), 1e-7);
        Assert.AreEqual(11525.0003848273, _hypotheses.Select((h, i) => Bleu.Sentence(h, [_first[i], _second[i]]).Score).Sum(), 1e-7);
    }

    private string Sentence() => string.Join(' ', Enumerable.Range(0, Next(14)).Select(_ => _words[Next(_words.Length)]).ToArray());

    private string Noisy(string sentence) =>
        string.Join(' ', sentence.Split(' ').Select(word => Next(4) == 0 ? _words[Next(_words.Length)] : word).ToArray());

    private int Next(int bound)
    {
        _state = ((_state * 1103515245) + 12345) % 2147483648;
        return (int)((_state >> 8) % bound);
    }
}
