namespace Microsoft.ML.HLstm.Metrics;

/// <summary>What an alignment does at one place.</summary>
internal enum EditOperation : byte
{
    /// <summary>Both sides have the same token.</summary>
    Correct,

    /// <summary>The hypothesis has another token than the reference.</summary>
    Substitution,

    /// <summary>The hypothesis lacks a token of the reference.</summary>
    Deletion,

    /// <summary>The hypothesis has a token that the reference lacks.</summary>
    Insertion,
}
