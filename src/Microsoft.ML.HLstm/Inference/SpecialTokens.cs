namespace Microsoft.ML.HLstm.Inference;

/// <summary>The token ids that every vocabulary of this package starts with.</summary>
internal static class SpecialTokens
{
    /// <summary>Fills up batches; never scored, never produced.</summary>
    public const int Padding = 0;

    /// <summary>Stands for words outside the vocabulary.</summary>
    public const int Unknown = 1;

    /// <summary>Starts every target; never produced.</summary>
    public const int Begin = 2;

    /// <summary>Ends every source and every target.</summary>
    public const int End = 3;

    /// <summary>How many there are: the id of the first word.</summary>
    public const int Count = 4;
}
