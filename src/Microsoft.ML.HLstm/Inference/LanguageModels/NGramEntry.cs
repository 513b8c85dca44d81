namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>An n-gram on its way into a table.</summary>
/// <param name="Parent">Node of its first n - 1 tokens.</param>
/// <param name="Token">Its last token.</param>
/// <param name="LogProbability">Of the last token after the others, base 10.</param>
/// <param name="BackOff">The logarithm of its back-off weight, base 10.</param>
internal readonly record struct NGramEntry(int Parent, int Token, float LogProbability, float BackOff) : IComparable<NGramEntry>
{
    /// <summary>The order of the table: by parent, then by token.</summary>
    public int CompareTo(NGramEntry other) => Parent != other.Parent ? Parent.CompareTo(other.Parent) : Token.CompareTo(other.Token);
}
