namespace Microsoft.ML.HLstm;

/// <summary>One utterance that was not recognised perfectly.</summary>
public sealed class TranscriptErrors
{
    internal TranscriptErrors(long row, string reference, string hypothesis, ErrorCounts words, ErrorCounts characters, string alignment)
    {
        Row = row;
        Reference = reference;
        Hypothesis = hypothesis;
        Words = words;
        Characters = characters;
        Alignment = alignment;
    }

    /// <summary>The row in the data, from 0.</summary>
    public long Row { get; }

    /// <summary>What was said, as it was compared: one space between words, lower-cased if asked for.</summary>
    public string Reference { get; }

    /// <summary>What was recognised, as it was compared.</summary>
    public string Hypothesis { get; }

    /// <summary>The errors in words.</summary>
    public ErrorCounts Words { get; }

    /// <summary>The errors in characters, spaces between words included.</summary>
    public ErrorCounts Characters { get; }

    /// <summary>
    /// The words below each other in three lines, REF, HYP and EVAL, with S, D or I under each substitution, deletion and
    /// insertion, and stars where a side has no word.
    /// </summary>
    public string Alignment { get; }

    /// <summary>The counts and the alignment.</summary>
    public override string ToString() => $"row {Row}: {Words}\n{Alignment}";
}
