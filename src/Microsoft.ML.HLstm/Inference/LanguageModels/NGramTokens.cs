namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>Splits a sentence into the tokens of a language model.</summary>
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
}
