namespace Microsoft.ML.HLstm;

/// <summary>What a language model counts.</summary>
public enum LanguageModelUnit
{
    /// <summary>Words: what white space separates.</summary>
    Word,

    /// <summary>Characters (Unicode code points); one space stands between words, written as <c>&lt;space&gt;</c> in files.</summary>
    Character,
}
