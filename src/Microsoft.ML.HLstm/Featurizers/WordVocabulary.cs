namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>A vocabulary of whole pieces: words, numbers and punctuation marks that training has seen often enough.</summary>
internal sealed class WordVocabulary : TextVocabulary
{
    /// <summary>What a saved vocabulary of this kind starts with.</summary>
    internal const byte KindByte = 0;

    private readonly Dictionary<string, int> _ids;

    private WordVocabulary(bool lowerCase, IReadOnlyList<string> pieces)
        : base(lowerCase, pieces)
    {
        _ids = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        for (int i = 0; i < pieces.Count; i++)
            _ids.Add(pieces[i], i + Reserved);
    }

    private protected override bool UnknownIsWord => true;

    private protected override byte Kind => KindByte;

    /// <summary>Collects the pieces of the training sentences, the most frequent first, equals in ordinal order.</summary>
    /// <param name="sentences">The training sentences, read once.</param>
    /// <param name="lowerCase">Whether to lower-case every text.</param>
    /// <param name="minimumFrequency">How often a piece must occur to be taken up; at least 1.</param>
    /// <param name="maximumCount">The most ids, the four reserved ones included.</param>
    public static WordVocabulary Learn(IEnumerable<string> sentences, bool lowerCase, int minimumFrequency = 2, int maximumCount = MaximumCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumFrequency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumCount, Reserved);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumCount, MaximumCount);
        return new WordVocabulary(lowerCase, [.. Frequent(sentences, lowerCase, minimumFrequency).Take(maximumCount - Reserved)]);
    }

    /// <inheritdoc/>
    public override TextVocabulary Extend(IEnumerable<string> sentences, int maximumCount, int minimumFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumFrequency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumCount, MaximumCount);
        string[] added = [.. Frequent(sentences, LowerCase, minimumFrequency).Where(piece => !_ids.ContainsKey(piece)).Take(Math.Max(0, maximumCount - Count))];
        return added.Length == 0 ? this : new WordVocabulary(LowerCase, [.. MarkedPieces[Reserved..], .. added]);
    }

    /// <inheritdoc/>
    public override VocabularyToken[] Tokenize(ReadOnlySpan<char> text)
    {
        List<string> pieces = PieceSplitter.Split(text, LowerCase);
        var tokens = new VocabularyToken[pieces.Count];
        for (int i = 0; i < tokens.Length; i++)
            tokens[i] = new VocabularyToken(_ids.GetValueOrDefault(pieces[i], Unknown), PieceSplitter.Surface(pieces[i]));
        return tokens;
    }

    private protected override void SaveContent(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(Count - Reserved);
        foreach (string piece in MarkedPieces[Reserved..])
            VocabularyReader.WritePiece(writer, piece);
    }

    private static IEnumerable<string> Frequent(IEnumerable<string> sentences, bool lowerCase, int minimumFrequency) =>
        PieceSplitter.Count(sentences, lowerCase)
            .Where(entry => entry.Value >= minimumFrequency && entry.Key.Length <= MaximumPieceLength)
            .OrderByDescending(entry => entry.Value)
            .ThenBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => entry.Key);

    /// <summary>Reads what <see cref="SaveContent"/> has written.</summary>
    internal static WordVocabulary LoadContent(VocabularyReader reader, bool lowerCase)
    {
        int count = reader.ReadCount("number of words", MaximumCount - Reserved, bytesEach: 2);
        var pieces = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            string piece = reader.ReadPiece($"word {i}", MaximumPieceLength);
            if (!seen.Add(piece))
                throw new InvalidDataException($"The vocabulary has the word '{piece}' twice.");
            pieces.Add(piece);
        }

        return new WordVocabulary(lowerCase, pieces);
    }
}
