using System.Text;
using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm;

/// <summary>
/// An n-gram language model with back-off: estimated from sentences by interpolated modified Kneser-Ney smoothing (Chen and
/// Goodman 1998), or read from an ARPA file of any tool. It tells a recogniser which words, or which characters, are likely to
/// follow each other. Immutable, and safe to use from many threads. Upper and lower case differ.
/// </summary>
public sealed class NGramLanguageModel
{
    /// <summary>The longest n-grams that a model may have.</summary>
    public const int MaximumOrder = 8;

    internal NGramLanguageModel(LanguageModelUnit unit, NGramVocabulary vocabulary, NGramTable table)
    {
        Unit = unit;
        Vocabulary = vocabulary;
        Table = table;
        BeginContext = table.Context(table.Find(0, vocabulary.Begin));
    }

    /// <summary>What the model counts.</summary>
    public LanguageModelUnit Unit { get; }

    /// <summary>The length of its longest n-grams, 1 to <see cref="MaximumOrder"/>: 3 for a trigram model.</summary>
    public int Order => Table.Order;

    /// <summary>The words or characters that it has probabilities for, with those for unknown ones, a sentence's begin and its end.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>The number of n-grams of all lengths.</summary>
    public int Count => Table.NodeCount - 1;

    internal NGramVocabulary Vocabulary { get; }

    internal NGramTable Table { get; }

    /// <summary>The context at the start of a sentence.</summary>
    internal int BeginContext { get; }

    /// <summary>
    /// Estimates a model by interpolated modified Kneser-Ney smoothing. Every token of the sentences is in its vocabulary, and
    /// unknown ones get what the smoothing leaves.
    /// </summary>
    /// <param name="sentences">The text, a sentence an element; read once. Sentences of white space are passed over.</param>
    /// <param name="order">The length of the longest n-grams, 1 to <see cref="MaximumOrder"/>.</param>
    /// <param name="unit">What to count.</param>
    /// <exception cref="ArgumentOutOfRangeException">The order or the unit is out of its range.</exception>
    /// <exception cref="ArgumentException">There are no sentences, too many different tokens (above 4,194,304), or one that is longer than 255 bytes or has a meaning of its own.</exception>
    public static NGramLanguageModel Estimate(IEnumerable<string> sentences, int order = 3, LanguageModelUnit unit = LanguageModelUnit.Word)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        OptionChecks.InRange(order, 1, MaximumOrder, nameof(order));
        OptionChecks.Defined(unit, nameof(unit));
        var counts = new NGramCounts();
        long number = 0, used = 0;
        foreach (string sentence in sentences)
        {
            string[] tokens = NGramTokens.Split(sentence, unit);
            if (tokens.FirstOrDefault(token => NGramVocabulary.IsReserved(token) || Encoding.UTF8.GetByteCount(token) > NGramVocabulary.MaximumTokenBytes) is { } bad)
            {
                throw new ArgumentException(
                    $"Sentence {number} has the token '{bad}'; {NGramVocabulary.UnknownToken}, {NGramVocabulary.BeginToken} and {NGramVocabulary.EndToken} have a meaning of their own, and tokens have at most {NGramVocabulary.MaximumTokenBytes} bytes.",
                    nameof(sentences));
            }

            number++;
            if (tokens.Length == 0)
                continue;
            used++;
            counts.Add(tokens);
        }

        if (counts.Vocabulary.Count > NGramVocabulary.MaximumCount)
            throw new ArgumentException($"The sentences have {counts.Vocabulary.Count} different tokens; at most {NGramVocabulary.MaximumCount} are allowed.", nameof(sentences));
        return used > 0
            ? new NGramLanguageModel(unit, counts.Vocabulary, KneserNey.Estimate(counts, order))
            : throw new ArgumentException($"Of {number} sentences 0 have a word; a language model needs at least one.", nameof(sentences));
    }

    /// <summary>Reads a model in the ARPA format.</summary>
    /// <param name="path">The file: text in UTF-8.</param>
    /// <param name="unit">What its tokens are; the file does not say.</param>
    /// <exception cref="InvalidDataException">The file is not such a model; the message has its name and the line.</exception>
    public static NGramLanguageModel LoadArpa(string path, LanguageModelUnit unit = LanguageModelUnit.Word)
    {
        OptionChecks.Defined(unit, nameof(unit));
        using var reader = new StreamReader(path, Encoding.UTF8);
        (NGramVocabulary vocabulary, NGramTable table) = new ArpaReader(reader, Path.GetFileName(path)).Read();
        return new NGramLanguageModel(unit, vocabulary, table);
    }

    /// <summary>Writes the model in the ARPA format. Reading the file gives the same probabilities.</summary>
    /// <param name="path">The file, overwritten if it is there.</param>
    public void SaveArpa(string path)
    {
        using var writer = new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        ArpaWriter.Write(writer, Vocabulary, Table);
    }

    /// <summary>The natural log-probability of a sentence with its end.</summary>
    /// <param name="sentence">The sentence; may be empty.</param>
    public double LogProbability(string sentence) => Score(sentence).LogProbability;

    /// <summary>
    /// How many equally likely tokens the model is left with on average: the inverse of the geometric mean of all tokens'
    /// probabilities, ends of sentences counted and unknown tokens too. Lower is better; compare only models with the same vocabulary.
    /// </summary>
    /// <param name="sentences">Sentences that the model was not estimated from.</param>
    /// <exception cref="ArgumentException">There are no sentences.</exception>
    public double Perplexity(IEnumerable<string> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        double logProbability = 0;
        long tokens = 0;
        foreach (string sentence in sentences)
        {
            (double own, int length) = Score(sentence);
            logProbability += own;
            tokens += length;
        }

        return tokens > 0
            ? Math.Exp(-logProbability / tokens)
            : throw new ArgumentException("There are 0 sentences; perplexity is defined for one or more.", nameof(sentences));
    }

    private (double LogProbability, int Tokens) Score(string sentence)
    {
        string[] tokens = NGramTokens.Split(sentence, Unit);
        int context = BeginContext;
        double logProbability = 0;
        foreach (string token in tokens)
            logProbability += Table.Score(context, Vocabulary.Find(token), out context);
        return (logProbability + Table.Score(context, Vocabulary.End, out _), tokens.Length + 1);
    }
}
