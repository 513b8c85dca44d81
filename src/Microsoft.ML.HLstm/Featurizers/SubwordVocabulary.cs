using Microsoft.ML.Tokenizers;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>
/// A vocabulary of byte-pair subwords: frequent words are one token, rare words several, and only a character that
/// training has never seen is unknown. Encoding is done by <see cref="BpeTokenizer"/>.
/// </summary>
internal sealed class SubwordVocabulary : TextVocabulary
{
    /// <summary>What a saved vocabulary of this kind starts with.</summary>
    internal const byte KindByte = 1;

    /// <summary>What one starts with that was extended after it had been learned.</summary>
    internal const byte ExtendedKindByte = 2;

    /// <summary>More is no vocabulary that anyone has extended, but a damaged file.</summary>
    private const int MaximumGenerations = 1000;

    private readonly BytePairModel _model;
    // Made for the first sentence: the vocabulary of the translations has none to read once training is over.
    private readonly Lazy<BpeTokenizer> _tokenizer;

    internal SubwordVocabulary(bool lowerCase, BytePairModel model)
        : base(lowerCase, model.Symbols)
    {
        _model = model;
        _tokenizer = new Lazy<BpeTokenizer>(MakeTokenizer);
    }

    private protected override bool UnknownIsWord => false;

    private protected override byte Kind => _model.Generations.Count == 1 ? KindByte : ExtendedKindByte;

    /// <summary>Learns the merges from the training sentences.</summary>
    /// <param name="sentences">The training sentences, read once; of both languages for a joint vocabulary.</param>
    /// <param name="lowerCase">Whether to lower-case every text.</param>
    /// <param name="maximumCount">The most ids, the reserved ones included; characters have theirs even if that makes more.</param>
    /// <param name="minimumFrequency">Pairs rarer than this are not merged; at least 1.</param>
    public static SubwordVocabulary Learn(IEnumerable<string> sentences, bool lowerCase, int maximumCount = 8000, int minimumFrequency = 2)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumCount, MaximumCount);
        Dictionary<string, long> pieces = PieceSplitter.Count(sentences, lowerCase);
        int characters = pieces.Keys.SelectMany(piece => piece.EnumerateRunes()).Distinct().Count();
        int merges = Math.Max(0, maximumCount - Reserved - characters);
        return new SubwordVocabulary(lowerCase, BytePairLearner.Learn(pieces, merges, minimumFrequency));
    }

    /// <inheritdoc/>
    /// <remarks>
    /// New are characters, and pieces that have a new character: merges of old ones would change how known words are encoded.
    /// </remarks>
    public override TextVocabulary Extend(IEnumerable<string> sentences, int maximumCount, int minimumFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maximumCount, MaximumCount);
        BytePairModel? extended = _model.Generations.Count == MaximumGenerations ? null
            : BytePairLearner.Extend(_model, PieceSplitter.Count(sentences, LowerCase), maximumCount - Reserved, minimumFrequency: 2);
        return extended is null ? this : new SubwordVocabulary(LowerCase, extended);
    }

    /// <inheritdoc/>
    public override VocabularyToken[] Tokenize(ReadOnlySpan<char> text)
    {
        string marked = PieceSplitter.Mark(TextNormalizer.Normalize(text, LowerCase));
        IReadOnlyList<EncodedToken> encoded = _tokenizer.Value.EncodeToTokens(marked, out _, considerNormalization: false);
        var tokens = new VocabularyToken[encoded.Count];
        for (int i = 0; i < tokens.Length; i++)
        {
            // The value of an unknown token is the name of the unknown token: what stood there is found by its place.
            tokens[i] = new VocabularyToken(encoded[i].Id, PieceSplitter.Surface(marked[encoded[i].Offset]));
        }

        return tokens;
    }

    private BpeTokenizer MakeTokenizer()
    {
        var ids = new List<KeyValuePair<string, int>>(Count);
        foreach (string piece in MarkedPieces)
            ids.Add(new KeyValuePair<string, int>(piece, ids.Count));
        return BpeTokenizer.Create(new BpeOptions(ids)
        {
            Merges = _model.Merges.Select(merge => $"{_model.Symbols[merge.Left]} {_model.Symbols[merge.Right]}"),
            PreTokenizer = new RegexPreTokenizer(PieceSplitter.Expression, specialTokens: null),
            UnknownToken = ReservedNames[Unknown],
        });
    }

    private protected override void SaveContent(BinaryWriter writer)
    {
        if (Kind == ExtendedKindByte)
            writer.Write7BitEncodedInt(_model.Generations.Count);
        for (int i = 0; i < _model.Generations.Count; i++)
        {
            BytePairGeneration generation = _model.Generations[i];
            writer.Write7BitEncodedInt(generation.Characters);
            foreach (string character in _model.Symbols.Skip(generation.FirstSymbol).Take(generation.Characters))
                VocabularyReader.WritePiece(writer, character);
            (int Left, int Right)[] merges = [.. _model.MergesOf(i)];
            writer.Write7BitEncodedInt(merges.Length);
            foreach ((int left, int right) in merges)
            {
                writer.Write7BitEncodedInt(left);
                writer.Write7BitEncodedInt(right);
            }
        }
    }

    /// <summary>Reads what <see cref="SaveContent"/> has written.</summary>
    internal static SubwordVocabulary LoadContent(VocabularyReader reader, bool lowerCase, bool extended)
    {
        var model = new BytePairModel();
        int generations = extended ? reader.ReadCount("number of generations", MaximumGenerations, bytesEach: 2) : 1;
        if (extended && generations < 2)
            throw new InvalidDataException($"The vocabulary's number of generations is {generations}; one that was extended has at least 2.");
        for (int i = 0; i < generations; i++)
        {
            if (i > 0)
                model.Extend();
            LoadGeneration(reader, model);
            if (model.Symbols.Count > MaximumCount - Reserved)
                throw new InvalidDataException($"The vocabulary has more than {MaximumCount} entries.");
        }

        return new SubwordVocabulary(lowerCase, model);
    }

    private static void LoadGeneration(VocabularyReader reader, BytePairModel model)
    {
        int characters = reader.ReadCount("number of characters", MaximumCount / 4, bytesEach: 2);
        for (int i = 0; i < characters; i++)
        {
            string character = reader.ReadPiece($"character {i}", maximumLength: 2);
            if (BytePairLearner.CodePoints(character).Count() != 1)
                throw new InvalidDataException($"The vocabulary's character {i}, '{character}', is more than one.");
            if (!model.AddCharacter(character))
                throw new InvalidDataException($"The vocabulary has the character '{character}' twice.");
        }

        int merges = reader.ReadCount("number of merges", MaximumCount, bytesEach: 2);
        for (int i = 0; i < merges; i++)
        {
            int left = reader.ReadNumber($"merge {i}", model.Symbols.Count - 1);
            int right = reader.ReadNumber($"merge {i}", model.Symbols.Count - 1);
            string joined = model.Symbols[left] + model.Symbols[right];
            if (joined.Length > MaximumPieceLength || ReservedNames.Contains(joined))
                throw new InvalidDataException($"The vocabulary's merge {i} makes '{joined}', which is reserved or longer than {MaximumPieceLength} characters.");
            if (!model.AddMerge(left, right))
                throw new InvalidDataException($"The vocabulary has merge {i}, {left} and {right}, twice.");
        }
    }
}
