using System.Text;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Featurizers;

/// <summary>Turns sentences into token ids and ids back into sentences. Immutable and safe to use from many threads.</summary>
internal abstract class TextVocabulary
{
    /// <summary>The id that fills up a batch.</summary>
    public const int Padding = SpecialTokens.Padding;

    /// <summary>The id of whatever the vocabulary does not contain.</summary>
    public const int Unknown = SpecialTokens.Unknown;

    /// <summary>The id that starts a target sentence.</summary>
    public const int Begin = SpecialTokens.Begin;

    /// <summary>The id that ends a target sentence.</summary>
    public const int End = SpecialTokens.End;

    /// <summary>The number of reserved ids; the first piece has this id.</summary>
    public const int Reserved = SpecialTokens.Count;

    /// <summary>The most ids a vocabulary may have.</summary>
    public const int MaximumCount = 1 << 20;

    /// <summary>The longest piece, in UTF-16 units; longer ones are not taken up.</summary>
    public const int MaximumPieceLength = 128;

    // None of these can be a piece of a text: the splitter cuts angle brackets off.
    private protected static readonly string[] ReservedNames = ["<pad>", "<unk>", "<s>", "</s>"];

    private readonly string[] _pieces;

    /// <summary>Creates a vocabulary whose piece <c>i</c> has the id <c>i + Reserved</c>.</summary>
    private protected TextVocabulary(bool lowerCase, IEnumerable<string> pieces)
    {
        LowerCase = lowerCase;
        _pieces = [.. ReservedNames, .. pieces];
        if (_pieces.Length > MaximumCount)
            throw new ArgumentOutOfRangeException(nameof(pieces), _pieces.Length, $"A vocabulary has at most {MaximumCount} ids.");
    }

    /// <summary>The number of ids, reserved ones included; valid ids are 0 to <c>Count - 1</c>.</summary>
    public int Count => _pieces.Length;

    /// <summary>Whether texts are lower-cased (invariant) before anything else.</summary>
    public bool LowerCase { get; }

    /// <summary>The pieces with their markers, by id.</summary>
    private protected ReadOnlySpan<string> MarkedPieces => _pieces;

    /// <summary>Whether an unknown token is a whole word, and so has a space before it when written out.</summary>
    private protected abstract bool UnknownIsWord { get; }

    /// <summary>
    /// A vocabulary that also has what is new in further sentences, after what there is: ids stay what they are, and a text
    /// that has nothing new in it is encoded as before. This one itself where nothing is added.
    /// </summary>
    /// <param name="sentences">The sentences, read once.</param>
    /// <param name="maximumCount">The most ids, the reserved ones included.</param>
    /// <param name="minimumFrequency">How often a whole word must occur to be taken up; at least 1.</param>
    public abstract TextVocabulary Extend(IEnumerable<string> sentences, int maximumCount, int minimumFrequency);

    /// <summary>The tokens of a sentence, without begin and end.</summary>
    public abstract VocabularyToken[] Tokenize(ReadOnlySpan<char> text);

    /// <summary>The ids of a sentence, without begin and end; empty for a text of white space.</summary>
    public int[] Encode(ReadOnlySpan<char> text) => Array.ConvertAll(Tokenize(text), token => token.Id);

    /// <summary>What stands in the sentence at each position of <see cref="Encode"/>, also where the id is unknown.</summary>
    public string[] Pieces(ReadOnlySpan<char> text) => Array.ConvertAll(Tokenize(text), token => token.Surface);

    /// <summary>The text of one id without its marker; a name in angle brackets for reserved ids.</summary>
    public string Piece(int id) => PieceSplitter.Surface(_pieces[Checked(id)]);

    /// <summary>One id with its marker, as another vocabulary must have it to mean the same.</summary>
    public string Marked(int id) => _pieces[Checked(id)];

    /// <summary>Writes ids as text. Padding, begin and end are skipped.</summary>
    /// <param name="ids">Ids as <see cref="Encode"/> gives them, or as a model predicts them.</param>
    /// <param name="unknownReplacement">
    /// Given a position in <paramref name="ids"/> that holds an unknown token, what to write instead;
    /// <see langword="null"/> writes <c>&lt;unk&gt;</c>.
    /// </param>
    public string Decode(IReadOnlyList<int> ids, Func<int, string>? unknownReplacement = null)
    {
        var text = new StringBuilder();
        for (int position = 0; position < ids.Count; position++)
        {
            int id = Checked(ids[position]);
            if (id == Unknown)
            {
                if (UnknownIsWord)
                    AppendSpace(text);
                _ = text.Append(unknownReplacement is null ? ReservedNames[Unknown] : unknownReplacement(position));
            }
            else if (id >= Reserved)
            {
                if (_pieces[id].StartsWith(PieceSplitter.Marker))
                    AppendSpace(text);
                _ = text.Append(PieceSplitter.Surface(_pieces[id]));
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>Writes the vocabulary so that <see cref="Load"/> makes an equal one.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Kind);
        writer.Write(LowerCase);
        SaveContent(writer);
    }

    /// <summary>Reads what <see cref="Save"/> has written and nothing after it.</summary>
    /// <exception cref="InvalidDataException">The data is damaged or is not a vocabulary.</exception>
    public static TextVocabulary Load(BinaryReader reader)
    {
        var bounded = new VocabularyReader(reader);
        byte kind = bounded.ReadByte("kind");
        bool lowerCase = bounded.ReadBoolean("lower-case flag");
        return kind switch
        {
            WordVocabulary.KindByte => WordVocabulary.LoadContent(bounded, lowerCase),
            SubwordVocabulary.KindByte => SubwordVocabulary.LoadContent(bounded, lowerCase, extended: false),
            SubwordVocabulary.ExtendedKindByte => SubwordVocabulary.LoadContent(bounded, lowerCase, extended: true),
            _ => throw new InvalidDataException($"The vocabulary is of kind {kind}; this version reads {WordVocabulary.KindByte} (words), {SubwordVocabulary.KindByte} (subwords) and {SubwordVocabulary.ExtendedKindByte} (extended subwords)."),
        };
    }

    private protected abstract byte Kind { get; }

    private protected abstract void SaveContent(BinaryWriter writer);

    // A model can predict a space after a space; the text shall have one.
    private static void AppendSpace(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != ' ')
            _ = text.Append(' ');
    }

    private int Checked(int id) => (uint)id < (uint)_pieces.Length
        ? id
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"The vocabulary has the ids 0 to {_pieces.Length - 1}.");
}
