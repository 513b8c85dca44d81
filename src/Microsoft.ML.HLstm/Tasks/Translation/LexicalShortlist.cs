using System.Text;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// The target tokens that a translation is made of: the likely translations of the sentence's tokens, these tokens themselves, as in names, and
/// the commonest tokens. The others are not scored (S. Jean et al., arXiv 1412.2007, section 3.3; G. L'Hostis et al., arXiv 1610.00072).
/// </summary>
internal sealed class LexicalShortlist
{
    /// <summary>Where it is in a model file.</summary>
    public const string StreamName = "Shortlist";

    private readonly int _targetVocabulary;
    private readonly int[] _common;
    private readonly int[][] _translations;

    private LexicalShortlist(int size, int targetVocabulary, int[] common, int[][] translations) =>
        (Size, _targetVocabulary, _common, _translations) = (size, targetVocabulary, common, translations);

    /// <summary>Translations of one source token at most, and number of commonest tokens.</summary>
    public int Size { get; }

    /// <summary>Learns the candidates from training data.</summary>
    public static LexicalShortlist Learn(IReadOnlyList<SentencePair> pairs, TextVocabulary source, TextVocabulary target, int size)
    {
        LexicalTranslations lexicon = LexicalTranslations.Learn(pairs, source.Count, target.Count);
        int[] counts = new int[target.Count];
        foreach (SentencePair pair in pairs)
        {
            foreach (int token in pair.Target)
                counts[token]++;
        }

        int[] common = [.. Enumerable.Range(SpecialTokens.Count, target.Count - SpecialTokens.Count)
            .Where(token => counts[token] > 0).OrderByDescending(token => counts[token]).Take(size).Order()];
        // The special tokens come first in both vocabularies; they are always there.
        Dictionary<string, int> idOf = Enumerable.Range(SpecialTokens.Count, target.Count - SpecialTokens.Count).ToDictionary(target.Marked);
        int[] Candidates(int token) =>
            [.. lexicon.Best(token, size).Union(idOf.TryGetValue(source.Marked(token), out int same) ? [same] : []).Except(common).Where(id => id >= SpecialTokens.Count).Order()];
        return new LexicalShortlist(size, target.Count, common, [.. Enumerable.Range(0, source.Count).Select(Candidates)]);
    }

    /// <summary>The tokens that a sentence's translation is made of, ascending; the special tokens are among them.</summary>
    /// <param name="source">Token ids, which must be in the source vocabulary, with or without the end.</param>
    public int[] For(ReadOnlySpan<int> source)
    {
        bool[] chosen = new bool[_targetVocabulary];
        int count = 0;
        void Choose(int[] tokens)
        {
            foreach (int token in tokens)
            {
                count += chosen[token] ? 0 : 1;
                chosen[token] = true;
            }
        }

        Choose([.. Enumerable.Range(0, SpecialTokens.Count)]);
        Choose(_common);
        Choose(_translations[SpecialTokens.End]);
        foreach (int token in source)
            Choose(_translations[token]);
        int[] tokens = new int[count];
        for (int token = 0, at = 0; at < count; token++)
        {
            if (chosen[token])
                tokens[at++] = token;
        }

        return tokens;
    }

    /// <summary>Writes the candidates; ids as differences, which are small.</summary>
    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write7BitEncodedInt(Size);
        foreach (int[] tokens in _translations.Prepend(_common))
        {
            writer.Write7BitEncodedInt(tokens.Length);
            for (int i = 0; i < tokens.Length; i++)
                writer.Write7BitEncodedInt(i == 0 ? tokens[0] : tokens[i] - tokens[i - 1]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="ModelFormatException">It is damaged, or of other vocabularies.</exception>
    public static LexicalShortlist Read(Stream stream, int sourceVocabulary, int targetVocabulary)
    {
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            int size = reader.Read7BitEncodedInt();
            OptionChecks.InRange(size, 1, 1_000_000, nameof(TranslationOptions.ShortlistSize));
            int[] common = ReadTokens(reader, size, targetVocabulary);
            int[][] translations = new int[sourceVocabulary][];
            for (int source = 0; source < translations.Length; source++)
                translations[source] = ReadTokens(reader, size, targetVocabulary);
            return new LexicalShortlist(size, targetVocabulary, common, translations);
        }
        catch (Exception error) when (error is InvalidDataException or ArgumentException or FormatException)
        {
            throw new ModelFormatException(error.Message, StreamName, stream.Position, error);
        }
    }

    private static int[] ReadTokens(BinaryReader reader, int size, int vocabulary)
    {
        int count = reader.Read7BitEncodedInt();
        // One more: the token itself.
        if ((uint)count > (uint)size + 1)
            throw new InvalidDataException($"A source token has {count} candidates; 0 to {size + 1} are allowed.");
        int[] tokens = new int[count];
        long token = 0;
        for (int i = 0; i < count; i++)
        {
            int step = reader.Read7BitEncodedInt();
            token += step;
            if ((i > 0 && step <= 0) || token < SpecialTokens.Count || token >= vocabulary)
                throw new InvalidDataException($"A candidate is token {token}; tokens ascend from {SpecialTokens.Count} to {vocabulary - 1}.");
            tokens[i] = (int)token;
        }

        return tokens;
    }
}
