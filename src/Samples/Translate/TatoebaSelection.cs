using System.Text.RegularExpressions;

namespace Samples.Translate;

/// <summary>
/// Chooses short everyday sentences: few words a side, and none of them rare, so that a small model can learn
/// all of them in minutes. The choice depends on nothing but the pairs and the two numbers.
/// </summary>
/// <param name="maximumWords">Words a side at most.</param>
/// <param name="minimumCount">Each word occurs in at least so many short training sentences of its language.</param>
internal sealed partial class TatoebaSelection(int maximumWords, int minimumCount)
{
    public IReadOnlyList<SentencePair> Choose(IEnumerable<SentencePair> pairs)
    {
        List<SentencePair> brief = [.. pairs.Where(pair => IsShort(pair.English) && IsShort(pair.German))];
        // Held-out sentences have no say in what is a common word.
        List<SentencePair> training = [.. brief.Where(pair => !EnglishSplit.IsHeldOut(pair.English))];
        HashSet<string> english = Common(training.Select(pair => pair.English));
        HashSet<string> german = Common(training.Select(pair => pair.German));
        return [.. brief.Where(pair => Words(pair.English).All(english.Contains) && Words(pair.German).All(german.Contains))];
    }

    private bool IsShort(string sentence) =>
        sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length is int words && words >= 2 && words <= maximumWords;

    private HashSet<string> Common(IEnumerable<string> sentences) =>
        [.. sentences.SelectMany(Words).CountBy(word => word).Where(entry => entry.Value >= minimumCount).Select(entry => entry.Key)];

    private static IEnumerable<string> Words(string sentence) =>
        Word().Matches(sentence).Select(match => match.Value.ToUpperInvariant());

    [GeneratedRegex(@"[\w'’]+")]
    private static partial Regex Word();
}
