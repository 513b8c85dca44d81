using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>The sum over all transcripts, checked against every path one by one.</summary>
[TestClass]
public class DenominatorSumTests
{
    private const int Steps = 5;
    private static readonly string[] _texts = ["ab ba", "aab", "b ab", "bb a"];
    private static readonly CtcAlphabet _alphabet = new(["", " ", "a", "b"]);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(4)]
    public void It_is_the_sum_over_every_path_times_the_probability_of_its_transcript(int order)
    {
        DenominatorGraph graph = Graph(order);
        float[] logProbabilities = LogProbabilities(1);

        double sum = new DenominatorSum(graph).Run(logProbabilities, new float[logProbabilities.Length]);

        Assert.AreEqual(Math.Log(OverAllPaths(graph, logProbabilities)), sum, 1e-5);
    }

    [TestMethod]
    public void Its_derivatives_are_probabilities_of_labels_that_finite_differences_confirm()
    {
        DenominatorGraph graph = Graph(3);
        float[] logProbabilities = LogProbabilities(2), occupancies = new float[Steps * _alphabet.Count];
        new DenominatorSum(graph).Run(logProbabilities, occupancies);

        const float Step = 1e-2f;
        for (int i = 0; i < occupancies.Length; i++)
        {
            float[] more = [.. logProbabilities], less = [.. logProbabilities];
            (more[i], less[i]) = (more[i] + Step, less[i] - Step);
            double slope = (Math.Log(OverAllPaths(graph, more)) - Math.Log(OverAllPaths(graph, less))) / (more[i] - less[i]);
            Assert.AreEqual(slope, occupancies[i], 1e-4, $"step {i / _alphabet.Count}, label {i % _alphabet.Count}");
        }

        foreach (float[] step in occupancies.Chunk(_alphabet.Count))
            Assert.AreEqual(1, step.Sum(), 1e-5);
    }

    [TestMethod]
    public void Long_recordings_do_not_underflow_and_leave_nothing_behind_for_shorter_ones()
    {
        DenominatorGraph graph = Graph(4);
        var sum = new DenominatorSum(graph);
        float[] one = LogProbabilities(3), many = [.. Enumerable.Repeat(one, 2000).SelectMany(step => step)], occupancies = new float[many.Length];

        double last = sum.Run(many, occupancies);

        Assert.IsTrue(double.IsFinite(last) && last < 0, $"{last}");
        foreach (float[] step in occupancies.Chunk(_alphabet.Count))
            Assert.AreEqual(1, step.Sum(), 1e-3);
        Assert.AreEqual(new DenominatorSum(graph).Run(one, new float[one.Length]), sum.Run(one, new float[one.Length]));
    }

    [TestMethod]
    public void A_transcript_has_the_probability_that_the_language_model_gives_it()
    {
        NGramLanguageModel model = Model(3);
        DenominatorGraph graph = Graph(3);
        foreach (string text in (string[])["ab ba", "b", "bbb aa"])
            Assert.AreEqual(model.LogProbability(text), graph.LogProbability([.. text.Select(c => _alphabet.Find(c.ToString()))]), 1e-9);
    }

    [TestMethod]
    public void A_graph_with_more_arcs_than_allowed_is_not_made()
    {
        DenominatorGraph graph = Graph(4);
        int arcs = graph.States * (graph.Labels - 1);
        Assert.IsNull(DenominatorGraph.TryMake(Model(4), _alphabet, arcs - 1));
        Assert.AreEqual(graph.States, DenominatorGraph.TryMake(Model(4), _alphabet, arcs)!.States);
    }

    private static NGramLanguageModel Model(int order) => NGramLanguageModel.Estimate(_texts, order, LanguageModelUnit.Character);

    private static DenominatorGraph Graph(int order) => DenominatorGraph.TryMake(Model(order), _alphabet, long.MaxValue)!;

    private static float[] LogProbabilities(int seed)
    {
        var random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, Steps * _alphabet.Count).Select(_ => Math.Exp(2 * random.NextDouble()))];
        return [.. weights.Chunk(_alphabet.Count).SelectMany(step => step.Select(weight => (float)Math.Log(weight / step.Sum())))];
    }

    private static double OverAllPaths(DenominatorGraph graph, float[] logProbabilities)
    {
        int labels = _alphabet.Count;
        double sum = 0;
        for (int path = 0; path < Math.Pow(labels, Steps); path++)
        {
            double logProbability = 0;
            var transcript = new List<int>();
            int rest = path, before = 0;
            for (int t = 0; t < Steps; t++, rest /= labels)
            {
                int label = rest % labels;
                logProbability += logProbabilities[t * labels + label];
                if (label != 0 && label != before)
                    transcript.Add(label);
                before = label;
            }

            sum += Math.Exp(logProbability + graph.LogProbability([.. transcript]));
        }

        return sum;
    }
}
