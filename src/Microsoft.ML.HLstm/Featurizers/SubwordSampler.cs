using System.Text.RegularExpressions;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// Encodes a text in another way each time, for training: of the merges that could come next, each is left out with some
/// probability (BPE-dropout, I. Provilkov et al. 2020, arXiv 1910.13267, algorithm 1). Without dropout it encodes as the
/// vocabulary does.
/// </summary>
internal sealed class SubwordSampler
{
    private readonly BytePairModel _model;
    private readonly bool _lowerCase;
    private readonly double _dropout;
    private readonly Dictionary<(int Left, int Right), (int Rank, int Joined)> _merges;

    /// <summary>Samples encodings of a vocabulary.</summary>
    /// <param name="vocabulary">The vocabulary, which gives the ids.</param>
    /// <param name="dropout">The probability, from 0 up to but not 1, that a merge is left out.</param>
    public SubwordSampler(SubwordVocabulary vocabulary, double dropout)
    {
        (_model, _lowerCase, _dropout) = (vocabulary.Model, vocabulary.LowerCase, dropout);
        _merges = _model.Merges.Index().ToDictionary(merge => merge.Item,
            merge => (merge.Index, _model.NumberOf(_model.Symbols[merge.Item.Left] + _model.Symbols[merge.Item.Right])));
    }

    /// <summary>One encoding of a text as ids of the vocabulary.</summary>
    public List<int> Encode(string text, Random random)
    {
        string marked = PieceSplitter.Mark(TextNormalizer.Normalize(text, _lowerCase));
        var ids = new List<int>(marked.Length);
        var symbols = new List<int>();
        foreach (ValueMatch piece in PieceSplitter.Expression.EnumerateMatches(marked))
        {
            symbols.Clear();
            foreach (string character in BytePairLearner.CodePoints(marked.Substring(piece.Index, piece.Length)))
                symbols.Add(_model.Has(character) ? _model.NumberOf(character) : -1);
            Merge(symbols, random);
            ids.AddRange(symbols.Select(symbol => symbol < 0 ? TextVocabulary.Unknown : symbol + TextVocabulary.Reserved));
        }

        return ids;
    }

    private void Merge(List<int> symbols, Random random)
    {
        while (true)
        {
            (int rank, int at, int joined) = (int.MaxValue, -1, 0);
            for (int i = 0; i + 1 < symbols.Count; i++)
            {
                if (_merges.TryGetValue((symbols[i], symbols[i + 1]), out (int Rank, int Joined) merge) && merge.Rank < rank && random.NextDouble() >= _dropout)
                    (rank, at, joined) = (merge.Rank, i, merge.Joined);
            }

            if (at < 0)
                return;
            symbols[at] = joined;
            symbols.RemoveAt(at + 1);
        }
    }
}
