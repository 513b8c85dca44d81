namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>In how many documents an n-gram occurs; a document is all references of one image.</summary>
internal sealed class DocumentFrequencies
{
    private readonly Dictionary<NGram, int> _documents = [];

    /// <summary>The number of documents.</summary>
    public int Documents { get; private set; }

    /// <summary>Adds one document.</summary>
    /// <param name="references">Sentences of numbered tokens.</param>
    public void Add(IReadOnlyList<int[]> references)
    {
        var distinct = new HashSet<NGram>();
        for (int order = 1; order <= NGram.MaximumOrder; order++)
        {
            foreach (int[] tokens in references)
                distinct.UnionWith(NGram.Count(tokens, order).Keys);
        }

        foreach (NGram ngram in distinct)
            _documents[ngram] = _documents.GetValueOrDefault(ngram) + 1;
        Documents++;
    }

    /// <summary>The inverse document frequency ln(N / df); an n-gram of no document counts as one of a single document.</summary>
    public double Weight(NGram ngram) => Math.Log(Documents) - Math.Log(_documents.GetValueOrDefault(ngram, 1));
}
