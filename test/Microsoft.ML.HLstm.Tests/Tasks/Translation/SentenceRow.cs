namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>A sentence in two languages.</summary>
public sealed class SentenceRow
{
    public string German { get; set; } = "";

    public string English { get; set; } = "";
}
