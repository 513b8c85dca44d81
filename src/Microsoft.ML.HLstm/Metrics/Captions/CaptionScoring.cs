namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>Scores captions against the references of their images, as the COCO caption evaluation does.</summary>
internal sealed class CaptionScoring
{
    private readonly TokenNumbers _numbers = new();
    private readonly List<(int[] Hypothesis, int[][] References)> _captions = [];
    private readonly DocumentFrequencies _ownFrequencies = new();
    private readonly BleuStatistics _bleu = new();
    private readonly HashSet<int> _referenceCounts = [];
    private DocumentFrequencies? _corpusFrequencies;

    /// <summary>Adds the caption of one image.</summary>
    /// <exception cref="ArgumentException">There are no references.</exception>
    public void Add(string hypothesis, IReadOnlyList<string> references)
    {
        if (references.Count == 0)
            throw new ArgumentException($"The caption '{hypothesis}' has 0 references; it needs at least 1.", nameof(references));
        int[] said = Number(hypothesis);
        int[][] expected = [.. references.Select(Number)];
        _captions.Add((said, expected));
        _ownFrequencies.Add(expected);
        _bleu.Add(said, expected);
        _ = _referenceCounts.Add(references.Count);
    }

    /// <summary>
    /// Adds the references of one image of a corpus: if any are added, document frequencies come from them and not from the
    /// references of the captions.
    /// </summary>
    public void AddToCorpus(IReadOnlyList<string> references) =>
        (_corpusFrequencies ??= new DocumentFrequencies()).Add([.. references.Select(Number)]);

    /// <summary>The scores of everything that was added.</summary>
    /// <exception cref="InvalidOperationException">Nothing was added.</exception>
    public CaptionScores Compute()
    {
        if (_captions.Count == 0)
            throw new InvalidOperationException("There are 0 captions to score; at least 1 is needed.");
        DocumentFrequencies frequencies = _corpusFrequencies ?? _ownFrequencies;
        return new CaptionScores(
            _captions.Average(caption => CiderD.Score(caption.Hypothesis, caption.References, frequencies)),
            CaptionBleu.Scores(_bleu),
            _captions.Average(caption => RougeL.Score(caption.Hypothesis, caption.References)),
            _captions.Count,
            Signature(frequencies));
    }

    private int[] Number(string caption) => _numbers.Number(CaptionTokenizer.Tokenize(caption));

    private string Signature(DocumentFrequencies frequencies)
    {
        string references = _referenceCounts.Count == 1 ? $"{_referenceCounts.Single()}" : "var";
        string source = frequencies == _ownFrequencies ? "refs" : "corpus";
        return $"nrefs:{references}|tok:ptb|case:lc|df:{source}-{frequencies.Documents}|ciderd:n4-sigma6|rouge:beta1.2|bleu:closest|version:hlstm-{typeof(CaptionScoring).Assembly.GetName().Version?.ToString(3)}";
    }
}
