using Microsoft.ML.HLstm.Inference.LanguageModels;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

/// <summary>Classes of words against the likelihood that they are to maximize, counted anew.</summary>
[TestClass]
public sealed class WordClassesTests
{
    [TestMethod]
    public void Words_that_stand_among_the_same_others_share_a_class()
    {
        // Letters and digits take turns; which one of each comes is chance.
        var random = new Random(1);
        int[][] text = [.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 6).Select(place => (place % 2 * 4) + random.Next(4)).ToArray())];
        int[] classes = WordClasses.Find(text, 8, 2);
        CollectionAssert.AreEqual(Enumerable.Repeat(classes[0], 4).Concat(Enumerable.Repeat(classes[4], 4)).ToArray(), classes);
        Assert.AreNotEqual(classes[0], classes[4]);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(5)]
    public void No_word_would_do_better_elsewhere(int count)
    {
        int[][] text = Text(seed: count);
        int[] classes = WordClasses.Find(text, 10, count);
        double found = LogLikelihood(text, classes);
        for (int word = 0; word < 10; word++)
        {
            for (int other = 0; other < count; other++)
            {
                int[] moved = [.. classes];
                moved[word] = other;
                Assert.IsLessThanOrEqualTo(found + 1e-6, LogLikelihood(text, moved), $"word {word} in class {other}");
            }
        }
    }

    [TestMethod]
    public void As_many_classes_as_words_keep_words_apart()
    {
        int[][] text = Text(seed: 7);
        CollectionAssert.AllItemsAreUnique(WordClasses.Find(text, 10, 10));
        CollectionAssert.AreEqual(WordClasses.Find(text, 10, 10), WordClasses.Find(text, 10, 1000));
        CollectionAssert.AreEqual(new int[10], WordClasses.Find(text, 10, 1));
    }

    [TestMethod]
    public void What_takes_long_tells_how_far_it_is_and_can_be_cancelled()
    {
        var random = new Random(5);
        int[][] text = [.. Enumerable.Range(0, 400).Select(_ => Enumerable.Range(0, 10).Select(_ => random.Next(700)).ToArray()), [.. Enumerable.Range(0, 700)]];
        var told = new List<(int Done, int Of)>();
        int[] classes = WordClasses.Find(text, 700, 5, new Preparation(default, (done, of) => told.Add((done, of))));
        CollectionAssert.AreEqual(WordClasses.Find(text, 700, 5), classes);
        Assert.IsGreaterThan(3, told.Count);
        CollectionAssert.AreEqual(told.OrderBy(step => step.Done).Distinct().ToArray(), told);
        Assert.AreEqual(told[^1].Of, told[^1].Done);

        using var cancellation = new CancellationTokenSource();
        int steps = 0;
        var until = new Preparation(cancellation.Token, (_, _) =>
        {
            if (++steps == 2)
                cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => WordClasses.Find(text, 700, 5, until));
        Assert.AreEqual(2, steps);
    }

    /// <summary>Ten words, each of which follows some more than others, also itself.</summary>
    private static int[][] Text(int seed)
    {
        var random = new Random(seed);
        return
        [
            [.. Enumerable.Range(0, 10)],
            .. Enumerable.Range(0, 60).Select(_ =>
            {
                int[] sentence = new int[1 + random.Next(8)];
                for (int i = 0; i < sentence.Length; i++)
                    sentence[i] = i > 0 && random.Next(3) > 0 ? ((sentence[i - 1] * 3 % 5) + random.Next(3)) % 10 : random.Next(10);
                return sentence;
            }),
        ];
    }

    private static double LogLikelihood(int[][] text, int[] classes)
    {
        var pairs = new Dictionary<(int, int), int>();
        var sizes = new Dictionary<int, int>();
        foreach (int[] sentence in text)
        {
            int[] path = [-1, .. sentence.Select(word => classes[word]), -1];
            for (int i = 1; i < path.Length; i++)
                pairs[(path[i - 1], path[i])] = pairs.GetValueOrDefault((path[i - 1], path[i])) + 1;
            foreach (int word in sentence)
                sizes[classes[word]] = sizes.GetValueOrDefault(classes[word]) + 1;
        }

        return pairs.Values.Sum(n => n * Math.Log(n)) - (2 * sizes.Values.Sum(n => n * Math.Log(n)));
    }
}
