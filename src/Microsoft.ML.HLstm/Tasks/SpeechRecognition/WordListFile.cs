using System.Text;
using Microsoft.ML.HLstm.Inference.LanguageModels;
using Microsoft.ML.HLstm.Metrics;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// A file of words, one a line: what stands before the first white space, so that a pronouncing dictionary is one, too. The number of
/// a further pronunciation, <c>(2)</c>, is no part of a word; comments, which begin with <c>;;;</c>, and what means something else to a language model are passed over.
/// </summary>
internal static class WordListFile
{
    private const string Comment = ";;;";

    /// <summary>Reads the different words, in order.</summary>
    /// <exception cref="InvalidDataException">The file has no word, is not UTF-8, or has a word that is too long; the message has its name.</exception>
    public static IReadOnlyList<string> Read(string path, bool lowerCase)
    {
        string name = Path.GetFileName(path);
        var words = new SortedSet<string>(StringComparer.Ordinal);
        int number = 0;
        try
        {
            foreach (string line in File.ReadLines(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)))
            {
                number++;
                if (line.StartsWith(Comment, StringComparison.Ordinal) || new Transcript(line, lowerCase).Words is not [var first, ..])
                    continue;
                string word = WithoutNumber(first);
                if (Encoding.UTF8.GetByteCount(word) > NGramVocabulary.MaximumTokenBytes)
                    throw new InvalidDataException($"Line {number} of the word list '{name}' has a word of {Encoding.UTF8.GetByteCount(word)} bytes; at most {NGramVocabulary.MaximumTokenBytes} are allowed.");
                if (!NGramVocabulary.IsReserved(word))
                    words.Add(word);
            }
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"The word list '{name}' is not text in UTF-8: {exception.Message}", exception);
        }

        return words.Count > 0 ? [.. words] : throw new InvalidDataException($"The word list '{name}' has {number} lines and 0 words; at least one is needed.");
    }

    private static string WithoutNumber(string word)
    {
        int open = word.LastIndexOf('(');
        return open > 0 && word[^1] == ')' && word.Length > open + 2 && word.AsSpan(open + 1, word.Length - open - 2).IndexOfAnyExceptInRange('0', '9') < 0 ? word[..open] : word;
    }
}
