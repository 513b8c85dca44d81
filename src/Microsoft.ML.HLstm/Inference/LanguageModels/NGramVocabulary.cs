namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>The tokens of a language model and their numbers, from 0 in the order in which they were added.</summary>
internal sealed class NGramVocabulary
{
    /// <summary>Stands for every token that the model does not have.</summary>
    public const string UnknownToken = "<unk>";

    /// <summary>Stands before a sentence.</summary>
    public const string BeginToken = "<s>";

    /// <summary>Ends a sentence.</summary>
    public const string EndToken = "</s>";

    /// <summary>The space between words in models of characters.</summary>
    public const string SpaceToken = "<space>";

    /// <summary>The most tokens.</summary>
    public const int MaximumCount = 1 << 22;

    /// <summary>The longest token, in bytes of UTF-8.</summary>
    public const int MaximumTokenBytes = byte.MaxValue;

    /// <summary>The tokens that mean something else than themselves.</summary>
    public static readonly string[] Reserved = [UnknownToken, BeginToken, EndToken];

    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _tokens = [];

    /// <summary>A vocabulary of the tokens that have a meaning of their own.</summary>
    public static NGramVocabulary WithReserved()
    {
        var vocabulary = new NGramVocabulary();
        foreach (string token in Reserved)
            _ = vocabulary.Add(token);
        return vocabulary;
    }

    /// <summary>The number of tokens.</summary>
    public int Count => _tokens.Count;

    /// <summary>The number of <see cref="UnknownToken"/>.</summary>
    public int Unknown => _numbers[UnknownToken];

    /// <summary>The number of <see cref="BeginToken"/>.</summary>
    public int Begin => _numbers[BeginToken];

    /// <summary>The number of <see cref="EndToken"/>.</summary>
    public int End => _numbers[EndToken];

    /// <summary>The token with a number.</summary>
    public string this[int number] => _tokens[number];

    /// <summary>The number of a token, added if it is new.</summary>
    public int Add(string token)
    {
        if (_numbers.TryGetValue(token, out int number))
            return number;
        _numbers.Add(token, Count);
        _tokens.Add(token);
        return Count - 1;
    }

    /// <summary>Whether the vocabulary has a token; then its number.</summary>
    public bool TryFind(string token, out int number) => _numbers.TryGetValue(token, out number);

    /// <summary>The number of a token, that of <see cref="UnknownToken"/> if there is none.</summary>
    public int Find(string token) => _numbers.TryGetValue(token, out int number) ? number : Unknown;

    /// <summary>Whether a token means something else than itself.</summary>
    public static bool IsReserved(string token) => Reserved.Contains(token);
}
