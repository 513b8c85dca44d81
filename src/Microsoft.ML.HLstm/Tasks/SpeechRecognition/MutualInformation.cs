using System.Collections.Concurrent;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// What maximum mutual information adds to the loss of connectionist temporal classification (H. Xiang, Z. Ou, CRF-based single-stage
/// acoustic modeling with CTC topology, ICASSP 2019): the logarithm of the probability that a language model gives, on average, to what
/// the network hears, less that of the transcript. It is small where the network hears nothing else that could have been said.
/// </summary>
internal sealed class MutualInformation
{
    // Characters that the language model counts together, fewer where the graph would have more arcs.
    private const int Order = 4, MostArcs = 1 << 22;

    private readonly ConcurrentBag<DenominatorSum> _sums = [];
    private readonly DenominatorGraph _graph;
    private readonly double _weight;

    /// <summary>Estimates the language model.</summary>
    /// <param name="transcripts">The transcripts of the training data.</param>
    /// <param name="alphabet">The labels.</param>
    /// <param name="weight">What it counts, the loss of connectionist temporal classification being 1.</param>
    /// <exception cref="ArgumentException">There are too many labels.</exception>
    public MutualInformation(IReadOnlyList<string> transcripts, CtcAlphabet alphabet, double weight)
    {
        _weight = weight;
        DenominatorGraph? graph = null;
        for (int order = Order; order > 0 && graph is null; order--)
            graph = DenominatorGraph.TryMake(NGramLanguageModel.Estimate(transcripts, order, LanguageModelUnit.Character), alphabet, MostArcs);
        _graph = graph ?? throw new ArgumentException($"The option {nameof(SpeechRecognitionOptions.MutualInformationWeight)} is {weight}, and the transcripts have {alphabet.Count - 1} characters; with it, at most {(int)Math.Sqrt(MostArcs) - 1} are allowed.");
    }

    /// <summary>
    /// The weighted sum over a batch of log sum P(other | speech) P(other) - log P(transcript), over all transcripts that there could be.
    /// </summary>
    /// <param name="logProbabilities">(T, B, labels).</param>
    /// <param name="batch">The utterances; those whose labels do not fit their steps count nothing.</param>
    public Tensor Loss(Tensor logProbabilities, SpeechBatch batch)
    {
        using Tensor rows = logProbabilities.detach().to(ScalarType.Float32).transpose(0, 1).contiguous();
        int count = batch.Steps.Length, steps = (int)rows.shape[1], labels = _graph.Labels;
        float[] values = rows.data<float>().ToArray(), occupancies = new float[values.Length];
        var losses = new double[count];
        WorkSplit.Run(get_num_threads(), count, 1, long.MaxValue, (first, end) =>
        {
            DenominatorSum sum = _sums.TryTake(out DenominatorSum? used) ? used : new DenominatorSum(_graph);
            for (int row = first; row < end; row++)
            {
                Utterance utterance = batch.Utterances[row];
                if (utterance.FewestSteps > batch.Steps[row])
                    continue;
                int start = row * steps * labels, length = batch.Steps[row] * labels;
                losses[row] = sum.Run(values.AsSpan(start, length), occupancies.AsSpan(start, length)) - _graph.LogProbability(utterance.Labels);
            }

            _sums.Add(sum);
        });
        Tensor derivatives = tensor(occupancies, [count, steps, labels]).transpose(0, 1).to(logProbabilities.dtype);
        return (derivatives * (logProbabilities - logProbabilities.detach())).sum().Plus(losses.Sum()).Times(_weight);
    }
}
