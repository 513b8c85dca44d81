using System.Text;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.LanguageModels;
using Microsoft.ML.HLstm.Training;

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

    /// <summary>The most classes that words may be put into.</summary>
    public const int MaximumClasses = 1000;

    internal NGramLanguageModel(LanguageModelUnit unit, NGramVocabulary vocabulary, NGramTable table, NGramClasses? classes = null)
    {
        Unit = unit;
        Vocabulary = vocabulary;
        Table = table;
        WordClasses = classes;
        BeginContext = new NGramContext(table.Context(table.Find(0, vocabulary.Begin)), classes?.BeginContext ?? 0);
    }

    /// <summary>What the model counts.</summary>
    public LanguageModelUnit Unit { get; }

    /// <summary>The length of its longest n-grams, 1 to <see cref="MaximumOrder"/>: 3 for a trigram model.</summary>
    public int Order => Table.Order;

    /// <summary>The words or characters that it has probabilities for, with those for unknown ones, a sentence's begin and its end.</summary>
    public int VocabularySize => Vocabulary.Count;

    /// <summary>The number of n-grams of all lengths, those of classes not counted.</summary>
    public int Count => Table.NodeCount - 1;

    /// <summary>The number of classes of words; 0 where there are none.</summary>
    public int Classes => WordClasses is null ? 0 : WordClasses.Vocabulary.Count - NGramVocabulary.Reserved.Length;

    internal NGramVocabulary Vocabulary { get; }

    internal NGramTable Table { get; }

    internal NGramClasses? WordClasses { get; }

    /// <summary>The context at the start of a sentence.</summary>
    internal NGramContext BeginContext { get; }

    /// <summary>
    /// Estimates a model by interpolated modified Kneser-Ney smoothing. Every token of the sentences is in its vocabulary, and
    /// unknown ones get what the smoothing leaves.
    /// </summary>
    /// <remarks>
    /// With <paramref name="classes"/>, a probability is half that of the n-grams of words and half that of the n-grams of their classes (P. Brown
    /// et al., "Class-based n-gram models of natural language", Computational Linguistics 18, 1992), times the word's share of its class. Words that
    /// stand among the same others are put into a class; what was seen of one then counts for all, which helps where text is short.
    /// </remarks>
    /// <param name="sentences">The text, a sentence an element; read once. Sentences of white space are passed over.</param>
    /// <param name="order">The length of the longest n-grams, 1 to <see cref="MaximumOrder"/>.</param>
    /// <param name="unit">What to count.</param>
    /// <param name="classes">How many classes to put the words into, 1 to <see cref="MaximumClasses"/>; 0, the default, for none. One for each word where there are fewer words.</param>
    /// <param name="words">
    /// Words that are known although no sentence may have them; those that none has share equally what the smoothing leaves for unknown ones. Only for <see cref="LanguageModelUnit.Word"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The order, the unit or the number of classes is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// There are no sentences, too many different tokens (above 4,194,304), one that is longer than 255 bytes or has a meaning of its own, an empty word or one with white space,
    /// or words for a model of characters.
    /// </exception>
    public static NGramLanguageModel Estimate(IEnumerable<string> sentences, int order = 3, LanguageModelUnit unit = LanguageModelUnit.Word, int classes = 0, IEnumerable<string>? words = null) =>
        Estimate(sentences, order, unit, classes, words ?? [], preparation: null);

    /// <summary>The same, told how much is done and when to stop.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    internal static NGramLanguageModel Estimate(IEnumerable<string> sentences, int order, LanguageModelUnit unit, int classes, IEnumerable<string> words, Preparation? preparation)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        OptionChecks.InRange(order, 1, MaximumOrder, nameof(order));
        OptionChecks.Defined(unit, nameof(unit));
        OptionChecks.InRange(classes, 0, MaximumClasses, nameof(classes));
        var counts = new NGramCounts(NGramVocabulary.WithReserved());
        var used = new List<string[]>();
        long number = 0;
        foreach (string sentence in sentences)
        {
            string[] tokens = NGramTokens.Split(sentence, unit);
            if (Array.Find(tokens, IsForbidden) is { } bad)
                throw Forbidden($"Sentence {number} has the token '{bad}'", nameof(sentences));

            number++;
            if (tokens.Length == 0)
                continue;
            used.Add(tokens);
            counts.Add(tokens);
        }

        foreach (string word in words)
            _ = counts.Vocabulary.Add(CheckWord(word, unit, nameof(words)));

        if (counts.Vocabulary.Count > NGramVocabulary.MaximumCount)
            throw new ArgumentException($"There are {counts.Vocabulary.Count} different tokens; at most {NGramVocabulary.MaximumCount} are allowed.", nameof(sentences));
        return used.Count > 0
            ? new NGramLanguageModel(unit, counts.Vocabulary, KneserNey.Estimate(counts, order), classes > 0 ? NGramClasses.Estimate(used, counts.Vocabulary, order, classes, preparation) : null)
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
    /// <exception cref="InvalidOperationException">The model has classes, for which the format has no place.</exception>
    public void SaveArpa(string path)
    {
        if (Classes > 0)
            throw new InvalidOperationException($"The language model has {Classes} classes of words, and an ARPA file holds n-grams of words only; estimate one with 0 classes.");
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

    /// <summary>The natural log-probability of a token after a context, and the context after the token.</summary>
    internal double Score(NGramContext context, int token, out NGramContext next)
    {
        double own = Table.Score(context.Tokens, token, out int tokens);
        if (WordClasses is null)
        {
            next = new NGramContext(tokens, 0);
            return own;
        }

        double ofClass = WordClasses.Score(context.Classes, token, out int classes);
        next = new NGramContext(tokens, classes);
        return LogSum.Of(own, ofClass) - Math.Log(2);
    }

    private static bool IsForbidden(string token) => NGramVocabulary.IsReserved(token) || Encoding.UTF8.GetByteCount(token) > NGramVocabulary.MaximumTokenBytes;

    private static ArgumentException Forbidden(string what, string parameter) => new(
        $"{what}; {NGramVocabulary.UnknownToken}, {NGramVocabulary.BeginToken} and {NGramVocabulary.EndToken} have a meaning of their own, and tokens have at most {NGramVocabulary.MaximumTokenBytes} bytes.",
        parameter);

    private static string CheckWord(string word, LanguageModelUnit unit, string parameter)
    {
        if (unit != LanguageModelUnit.Word)
            throw new ArgumentException($"The unit is {unit} and there is the word '{word}'; only models of words know words.", parameter);
        return IsForbidden(NGramTokens.CheckWord(word, parameter)) ? throw Forbidden($"A word is '{word}'", parameter) : word;
    }

    private (double LogProbability, int Tokens) Score(string sentence)
    {
        string[] tokens = NGramTokens.Split(sentence, Unit);
        NGramContext context = BeginContext;
        double logProbability = 0;
        foreach (string token in tokens)
            logProbability += Score(context, Vocabulary.Find(token), out context);
        return (logProbability + Score(context, Vocabulary.End, out _), tokens.Length + 1);
    }
}
