using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>
/// The other half of a language model with classes: n-grams of the classes of words, and how frequent each word is in its class. With the class
/// <c>c(w)</c> of a word and those of the words before it, its probability is <c>p(c(w) | classes) n(w) / n(c(w))</c>. What begins and ends a
/// sentence, and unknown words, have classes of their own; known words that no sentence has share that of the unknown ones equally. Immutable.
/// </summary>
internal sealed class NGramClasses
{
    /// <summary>Takes over a model of classes.</summary>
    /// <param name="ofToken">The class of each token of the vocabulary, as a token of <paramref name="vocabulary"/>.</param>
    /// <param name="logShares">The natural logarithm of its share of its class.</param>
    /// <param name="vocabulary">The classes: reserved tokens, then one for each class.</param>
    /// <param name="table">Their n-grams.</param>
    public NGramClasses(int[] ofToken, float[] logShares, NGramVocabulary vocabulary, NGramTable table)
    {
        (OfToken, LogShares, Vocabulary, Table) = (ofToken, logShares, vocabulary, table);
        BeginContext = table.Context(table.Find(0, vocabulary.Begin));
    }

    /// <summary>The class of each token.</summary>
    public int[] OfToken { get; }

    /// <summary>The natural logarithm of each token's share of its class.</summary>
    public float[] LogShares { get; }

    /// <summary>The classes.</summary>
    public NGramVocabulary Vocabulary { get; }

    /// <summary>Their n-grams.</summary>
    public NGramTable Table { get; }

    /// <summary>The context at the start of a sentence.</summary>
    public int BeginContext { get; }

    /// <summary>Finds classes for the words of some sentences, and estimates their n-grams.</summary>
    /// <param name="sentences">Tokens, without begin and end.</param>
    /// <param name="tokens">The vocabulary that they are in.</param>
    /// <param name="order">The length of the longest n-grams.</param>
    /// <param name="classes">How many classes to make.</param>
    /// <param name="preparation">Told how much is done; null for nobody.</param>
    public static NGramClasses Estimate(IReadOnlyList<string[]> sentences, NGramVocabulary tokens, int order, int classes, Preparation? preparation)
    {
        var said = sentences.SelectMany(sentence => sentence).ToHashSet(StringComparer.Ordinal);
        int[] words = [.. Enumerable.Range(0, tokens.Count).Where(token => said.Contains(tokens[token]))];
        int[] places = new int[tokens.Count];
        for (int i = 0; i < words.Length; i++)
            places[words[i]] = i;
        int[][] text = [.. sentences.Select(sentence => Array.ConvertAll(sentence, word => places[tokens.Find(word)]))];
        int[] found = WordClasses.Find(text, words.Length, classes, preparation);

        var counts = new NGramCounts(MakeVocabulary(Math.Min(words.Length, classes)));
        long[] ofWord = new long[words.Length], ofClass = new long[Math.Min(words.Length, classes)];
        foreach (int[] sentence in text)
        {
            counts.Add(Array.ConvertAll(sentence, word => Name(found[word])));
            foreach (int word in sentence)
            {
                ofWord[word]++;
                ofClass[found[word]]++;
            }
        }

        int[] ofToken = [.. Enumerable.Range(0, tokens.Count).Select(token => counts.Vocabulary.Find(tokens[token]))];
        float[] logShares = new float[tokens.Count];
        for (int i = 0; i < words.Length; i++)
        {
            ofToken[words[i]] = counts.Vocabulary.Find(Name(found[i]));
            logShares[words[i]] = (float)Math.Log((double)ofWord[i] / ofClass[found[i]]);
        }

        // What no sentence has is not found among the names of classes either.
        int[] unsaid = [.. Enumerable.Range(0, tokens.Count).Where(token => ofToken[token] == counts.Vocabulary.Unknown)];
        foreach (int token in unsaid)
            logShares[token] = (float)-Math.Log(unsaid.Length);
        return new NGramClasses(ofToken, logShares, counts.Vocabulary, KneserNey.Estimate(counts, order));
    }

    /// <summary>The natural log-probability of a token after a context, and the context after the token.</summary>
    public double Score(int context, int token, out int next) => Table.Score(context, OfToken[token], out next) + LogShares[token];

    /// <summary>The tokens of some classes.</summary>
    public static NGramVocabulary MakeVocabulary(int classes)
    {
        var vocabulary = NGramVocabulary.WithReserved();
        for (int number = 0; number < classes; number++)
            _ = vocabulary.Add(Name(number));
        return vocabulary;
    }

    /// <summary>What a class is called; no word of a text can be mixed up with it, because classes have a vocabulary of their own.</summary>
    private static string Name(int number) => $"class {number}";
}
