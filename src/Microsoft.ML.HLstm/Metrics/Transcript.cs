using System.Text;

namespace Microsoft.ML.HLstm.Metrics;

/// <summary>A transcript as words, and as characters with one space between words.</summary>
internal sealed class Transcript
{
    /// <summary>Splits a text at its white space; what stands at its ends does not count.</summary>
    public Transcript(string text, bool lowerCase)
    {
        Words = (lowerCase ? LowerCase.Convert(text) : text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Characters = [.. string.Join(' ', Words).EnumerateRunes()];
    }

    /// <summary>The words.</summary>
    public string[] Words { get; }

    /// <summary>The Unicode code points, spaces included.</summary>
    public Rune[] Characters { get; }
}
