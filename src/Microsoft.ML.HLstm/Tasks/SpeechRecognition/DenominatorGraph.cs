using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Every transcript that a language model of characters allows, as one graph: a state is what the model has to know of the characters so
/// far, and the last of them. The denominator of maximum mutual information (D. Povey et al., Interspeech 2016) runs through it.
/// </summary>
internal sealed class DenominatorGraph
{
    private readonly NGramLanguageModel _model;
    private readonly int[] _tokens;

    private DenominatorGraph(NGramLanguageModel model, CtcAlphabet alphabet, long most)
    {
        (_model, Labels) = (model, alphabet.Count);
        _tokens = alphabet.Tokens(model.Vocabulary);
        var states = new Dictionary<(NGramContext Context, int Label), int> { [(model.BeginContext, 0)] = 0 };
        var order = new List<(NGramContext Context, int Label)> { (model.BeginContext, 0) };
        List<int> next = [];
        List<float> probabilities = [], ends = [];
        for (int state = 0; state < order.Count && (long)order.Count * (Labels - 1) <= most; state++)
        {
            NGramContext context = order[state].Context;
            for (int label = 1; label < Labels; label++)
            {
                probabilities.Add((float)Math.Exp(model.Score(context, _tokens[label], out NGramContext to)));
                if (!states.TryGetValue((to, label), out int number))
                {
                    states.Add((to, label), number = order.Count);
                    order.Add((to, label));
                }

                next.Add(number);
            }

            ends.Add((float)Math.Exp(model.Score(context, model.Vocabulary.End, out _)));
        }

        (Last, Next, Probabilities, Ends) = ([.. order.Select(state => state.Label)], [.. next], [.. probabilities], [.. ends]);
    }

    /// <summary>Follows a model from the beginning of a sentence to every state that it can come to.</summary>
    /// <param name="model">A model of characters.</param>
    /// <param name="alphabet">The labels; the blank is 0.</param>
    /// <param name="mostArcs">States times labels that are allowed.</param>
    /// <returns>Null where there are more.</returns>
    public static DenominatorGraph? TryMake(NGramLanguageModel model, CtcAlphabet alphabet, long mostArcs)
    {
        var graph = new DenominatorGraph(model, alphabet, mostArcs);
        return graph.Next.Length <= mostArcs && graph.Next.Length == (long)graph.States * (graph.Labels - 1) ? graph : null;
    }

    /// <summary>The labels, the blank included.</summary>
    public int Labels { get; }

    /// <summary>The number of states; the first is the beginning.</summary>
    public int States => Last.Length;

    /// <summary>The last label of each state; the blank for the beginning.</summary>
    public int[] Last { get; }

    /// <summary>The state that each label but the blank leads to: [states, labels - 1].</summary>
    public int[] Next { get; }

    /// <summary>The probability of that label after the state.</summary>
    public float[] Probabilities { get; }

    /// <summary>The probability that a transcript ends in a state.</summary>
    public float[] Ends { get; }

    /// <summary>The natural log-probability of a transcript.</summary>
    public double LogProbability(ReadOnlySpan<int> labels)
    {
        double sum = 0;
        NGramContext context = _model.BeginContext;
        foreach (int label in labels)
            sum += _model.Score(context, _tokens[label], out context);
        return sum + _model.Score(context, _model.Vocabulary.End, out _);
    }
}
