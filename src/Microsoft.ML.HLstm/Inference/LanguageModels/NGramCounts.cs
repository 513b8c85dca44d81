namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>The n-grams of a text with their counts, level by level in the order of <see cref="NGramTable"/>. Starts with no text.</summary>
/// <param name="vocabulary">The tokens that are known before; new ones are added.</param>
internal sealed class NGramCounts(NGramVocabulary vocabulary)
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _places = [];

    /// <summary>The tokens; unknown, begin and end are the first.</summary>
    public NGramVocabulary Vocabulary { get; } = vocabulary;

    /// <summary>Adds a sentence; begin and end are put around it.</summary>
    public void Add(ReadOnlySpan<string> sentence)
    {
        int length = sentence.Length + 2;
        for (int i = 0; i < length; i++)
        {
            _tokens.Add(i == 0 ? Vocabulary.Begin : i == length - 1 ? Vocabulary.End : Vocabulary.Add(sentence[i - 1]));
            // How many tokens of the sentence are left, this one included: n-grams do not cross sentences.
            _places.Add(length - i);
        }
    }

    /// <summary>
    /// Builds the tree of all n-grams, and returns the count of each node. Every token of the vocabulary has a node, even with
    /// a count of 0.
    /// </summary>
    public (NGramTable Table, List<long> Counts) Build(int order)
    {
        var table = new NGramTable();
        var counts = new List<long> { 0 };
        int[] nodes = new int[_tokens.Count];
        for (int length = 1; length <= order; length++)
        {
            var found = new Dictionary<(int Parent, int Token), long>();
            if (length == 1)
            {
                for (int token = 0; token < Vocabulary.Count; token++)
                    found.Add((0, token), 0);
            }

            for (int i = 0; i < nodes.Length; i++)
            {
                if (_places[i] >= length)
                {
                    (int, int) ngram = (nodes[i], _tokens[i + length - 1]);
                    found[ngram] = found.GetValueOrDefault(ngram) + 1;
                }
            }

            NGramEntry[] entries = [.. found.Keys.Select(ngram => new NGramEntry(ngram.Parent, ngram.Token, 0, 0)).Order()];
            table.AppendLevel(entries);
            counts.AddRange(entries.Select(entry => found[(entry.Parent, entry.Token)]));
            for (int i = 0; i < nodes.Length; i++)
            {
                if (_places[i] >= length)
                    nodes[i] = table.Find(nodes[i], _tokens[i + length - 1]);
            }
        }

        return (table, counts);
    }
}
