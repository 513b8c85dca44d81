using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Microsoft.ML.HLstm.Inference.LanguageModels;

/// <summary>
/// Reads a language model in the ARPA format (SRILM's ngram-format(5)). The counts in its head are checked against what follows,
/// and never size an allocation.
/// </summary>
internal sealed class ArpaReader(TextReader reader, string name)
{
    private const int MaximumCount = 1 << 30;

    // A model without an unknown token gives unknown words this, as KenLM does: possible, but less than anything else.
    private const float Unlikely = -100;

    private readonly NGramVocabulary _vocabulary = new();
    private readonly NGramTable _table = new();
    private string _line = "";
    private int _number;

    /// <summary>Reads up to the line <c>\end\</c>.</summary>
    /// <exception cref="InvalidDataException">The text is not such a model; the message has the file and the line.</exception>
    public (NGramVocabulary Vocabulary, NGramTable Table) Read()
    {
        // Whatever stands before the head is a comment.
        do
            Advance("\\data\\");
        while (_line != "\\data\\");

        List<int> counts = Head();
        for (int length = 1; length <= counts.Count; length++)
        {
            if (_line != $"\\{length}-grams:")
                Fail($"'{_line}' stands where \\{length}-grams: is expected");
            Section(length, counts.Count, counts[length - 1]);
        }

        if (_line != "\\end\\")
            Fail($"'{_line}' stands where \\end\\ is expected");
        return (_vocabulary, _table);
    }

    private List<int> Head()
    {
        var counts = new List<int>();
        for (Advance("\\1-grams:"); _line.StartsWith("ngram ", StringComparison.Ordinal); Advance("\\1-grams:"))
        {
            string[] parts = _line["ngram ".Length..].Split('=');
            int length = 0, count = 0;
            if (parts.Length != 2 || !TryNumber(parts[0], out length) || !TryNumber(parts[1], out count))
                Fail($"'{_line}' is not of the form ngram LENGTH=COUNT");
            if (length != counts.Count + 1 || length > NGramLanguageModel.MaximumOrder)
                Fail($"The length of n-grams is {length}; {counts.Count + 1} is expected, and at most {NGramLanguageModel.MaximumOrder} allowed");
            if (count > (length == 1 ? NGramVocabulary.MaximumCount : MaximumCount))
                Fail($"The number of {length}-grams is {count}; at most {(length == 1 ? NGramVocabulary.MaximumCount : MaximumCount)} is allowed");
            counts.Add(count);
        }

        if (counts.Count == 0)
            Fail("The head has no line of the form ngram 1=COUNT");
        return counts;

        static bool TryNumber(string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out value);
    }

    private void Section(int length, int order, int count)
    {
        var entries = new List<NGramEntry>();
        var lines = new Dictionary<(int, int), int>();
        for (Advance("\\end\\"); _line[0] != '\\'; Advance("\\end\\"))
        {
            NGramEntry entry = Entry(length, order);
            if (!lines.TryAdd((entry.Parent, entry.Token), _number))
                Fail($"The {length}-gram is there twice, first in line {lines[(entry.Parent, entry.Token)]}");
            entries.Add(entry);
        }

        if (entries.Count != count)
            Fail($"There are {entries.Count} {length}-grams; the head promises {count}");
        if (length == 1)
            Complete(entries);
        entries.Sort();
        _table.AppendLevel(CollectionsMarshal.AsSpan(entries));
    }

    private NGramEntry Entry(int length, int order)
    {
        string[] fields = _line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != length + 1 && (fields.Length != length + 2 || length == order))
            Fail($"The line has {fields.Length} fields; a {length}-gram has {length + 1}{(length == order ? "" : $" or {length + 2}")}");
        float logProbability = Number(fields[0], "log-probability");
        if (logProbability > 0)
            Fail($"The log-probability is {fields[0]}; at most 0 is allowed");
        float backOff = fields.Length == length + 2 ? Number(fields[^1], "back-off weight") : 0;
        if (length == 1)
            return new NGramEntry(0, NewToken(fields[1]), logProbability, backOff);
        int parent = 0;
        for (int i = 1; i < length; i++)
        {
            parent = _table.Find(parent, Token(fields[i]));
            if (parent < 0)
                Fail($"The {length}-gram begins with '{string.Join(' ', fields[1..(i + 1)])}', which is not among the {i}-grams");
        }

        return new NGramEntry(parent, Token(fields[length]), logProbability, backOff);
    }

    private float Number(string text, string what)
    {
        if (!float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float value) || !float.IsFinite(value))
            Fail($"The {what} is '{text}'; a number is expected");
        return value;
    }

    private int NewToken(string token)
    {
        if (Encoding.UTF8.GetByteCount(token) > NGramVocabulary.MaximumTokenBytes)
            Fail($"The token '{token[..32]}...' has more than {NGramVocabulary.MaximumTokenBytes} bytes");
        return _vocabulary.Add(Canonical(token));
    }

    private int Token(string token)
    {
        if (!_vocabulary.TryFind(Canonical(token), out int number))
            Fail($"The token '{token}' is not among the 1-grams");
        return number;
    }

    // Some tools write it in capitals.
    private static string Canonical(string token) => token == "<UNK>" ? NGramVocabulary.UnknownToken : token;

    private void Complete(List<NGramEntry> unigrams)
    {
        if (!_vocabulary.TryFind(NGramVocabulary.EndToken, out _))
            Fail($"The 1-grams lack {NGramVocabulary.EndToken}, without which no sentence ends");
        if (!_vocabulary.TryFind(NGramVocabulary.UnknownToken, out _))
            unigrams.Add(new NGramEntry(0, _vocabulary.Add(NGramVocabulary.UnknownToken), Unlikely, 0));
        if (!_vocabulary.TryFind(NGramVocabulary.BeginToken, out _))
            unigrams.Add(new NGramEntry(0, _vocabulary.Add(NGramVocabulary.BeginToken), KneserNey.Never, 0));
    }

    /// <summary>Goes to the next line that is not blank.</summary>
    private void Advance(string expected)
    {
        do
        {
            _number++;
            string? line = reader.ReadLine();
            if (line is null)
                Fail($"The text ends before {expected}");
            _line = line.Trim();
        }
        while (_line.Length == 0);
    }

    [DoesNotReturn]
    private void Fail(string message) => throw new InvalidDataException($"{name}, line {_number}: {message}.");
}
