namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>Sentences and words as the tokens of a language model.</summary>
internal static class NGramTokens
{
    /// <summary>The tokens, without begin and end; none for white space.</summary>
    public static string[] Split(string sentence, LanguageModelUnit unit)
    {
        string[] words = sentence.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (unit == LanguageModelUnit.Word)
            return words;
        return [.. string.Join(' ', words).EnumerateRunes().Select(rune => rune.Value == ' ' ? NGramVocabulary.SpaceToken : rune.ToString())];
    }

    /// <summary>Returns what is one word.</summary>
    /// <exception cref="ArgumentException">It is null, empty, or has white space.</exception>
    public static string CheckWord(string word, string parameter) => !string.IsNullOrEmpty(word) && !word.Any(char.IsWhiteSpace)
        ? word
        : throw new ArgumentException($"A word is '{word}'; words have at least one character and no white space.", parameter);
}
