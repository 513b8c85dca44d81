namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>What the translation transformer writes.</summary>
public sealed class TranslationRow
{
    public string PredictedTranslation { get; set; } = "";

    public float Score { get; set; }

    public string[] Alternatives { get; set; } = [];

    public float[] AlternativeScores { get; set; } = [];
}
