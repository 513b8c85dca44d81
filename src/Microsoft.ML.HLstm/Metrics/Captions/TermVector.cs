namespace Microsoft.ML.HLstm.Metrics.Captions;

/// <summary>A sentence as CIDEr sees it: its n-grams of one order, weighted by term frequency and inverse document frequency.</summary>
internal sealed class TermVector
{
    private readonly Dictionary<NGram, double> _weights = [];
    private readonly double _norm;

    /// <summary>Weighs the n-grams of a sentence of numbered tokens.</summary>
    public TermVector(int[] tokens, int order, DocumentFrequencies frequencies)
    {
        foreach ((NGram ngram, int count) in NGram.Count(tokens, order))
        {
            double weight = count * frequencies.Weight(ngram);
            _weights[ngram] = weight;
            _norm += weight * weight;
        }

        _norm = Math.Sqrt(_norm);
    }

    /// <summary>
    /// The cosine with a reference, in which no weight counts for more than the reference's own: saying a word twice gains nothing.
    /// </summary>
    public double ClippedCosine(TermVector reference)
    {
        double product = 0;
        foreach ((NGram ngram, double weight) in _weights)
        {
            if (reference._weights.TryGetValue(ngram, out double expected))
                product += Math.Min(weight, expected) * expected;
        }

        return _norm > 0 && reference._norm > 0 ? product / (_norm * reference._norm) : 0;
    }
}
