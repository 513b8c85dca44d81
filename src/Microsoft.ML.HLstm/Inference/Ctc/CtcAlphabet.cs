using System.Diagnostics.CodeAnalysis;
using System.Text;
using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// The labels that a network gives a probability in each frame: characters, the blank, and the space that separates words.
/// Spaces at the ends of a transcript and after another space mean nothing, so transcripts that differ in them are one.
/// </summary>
internal sealed class CtcAlphabet
{
    private readonly string[] _symbols;
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);

    /// <summary>Makes an alphabet.</summary>
    /// <param name="symbols">The text of each label: one character (Unicode code point); that of the blank does not matter.</param>
    /// <param name="blank">The label that stands for nothing.</param>
    /// <exception cref="ArgumentException">The blank is not a label, or a symbol is not a character or is there twice.</exception>
    public CtcAlphabet(IEnumerable<string> symbols, int blank = 0)
    {
        _symbols = [.. symbols];
        if (blank < 0 || blank >= _symbols.Length)
            throw new ArgumentOutOfRangeException(nameof(blank), blank, $"The blank is label {blank}; 0 to {_symbols.Length - 1} is allowed.");
        Blank = blank;
        _symbols[blank] = "";
        for (int label = 0; label < _symbols.Length; label++)
        {
            if (label == blank)
                continue;
            if (_symbols[label].EnumerateRunes().Count() != 1)
                throw new ArgumentException($"The symbol of label {label} is '{_symbols[label]}'; one character is needed.", nameof(symbols));
            if (!_labels.TryAdd(_symbols[label], label))
                throw new ArgumentException($"Labels {_labels[_symbols[label]]} and {label} have the same symbol, '{_symbols[label]}'.", nameof(symbols));
        }

        Separator = Find(" ");
    }

    /// <summary>The number of labels, the blank included.</summary>
    public int Count => _symbols.Length;

    /// <summary>The label that stands for nothing.</summary>
    public int Blank { get; }

    /// <summary>The label of the space between words; -1 if there is none, and a transcript is one word.</summary>
    public int Separator { get; }

    /// <summary>The text of a label.</summary>
    public string this[int label] => _symbols[label];

    /// <summary>The label of a symbol; -1 if there is none.</summary>
    public int Find(string symbol) => _labels.GetValueOrDefault(symbol, -1);

    /// <summary>Those of some words that have only characters of the alphabet.</summary>
    public string[] Writable(IEnumerable<string> words) => [.. words.Where(word => TrySpell(word, out _))];

    /// <summary>Whether a word can be written in this alphabet; then its labels.</summary>
    public bool TrySpell(string word, [NotNullWhen(true)] out int[]? labels)
    {
        labels = [.. word.EnumerateRunes().Select(rune => Find(rune.ToString()))];
        if (labels.Length > 0 && !labels.Contains(-1) && !labels.Contains(Separator))
            return true;
        labels = null;
        return false;
    }

    /// <summary>The token of each label in a language model of characters; that of the blank means nothing.</summary>
    public int[] Tokens(NGramVocabulary vocabulary) =>
        [.. Enumerable.Range(0, Count).Select(label => vocabulary.Find(label == Separator ? NGramVocabulary.SpaceToken : _symbols[label]))];

    /// <summary>The text of labels without blanks.</summary>
    public string Text(ReadOnlySpan<int> labels)
    {
        var text = new StringBuilder(labels.Length);
        foreach (int label in labels)
            _ = text.Append(_symbols[label]);
        return text.ToString();
    }
}
