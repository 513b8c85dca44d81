using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// What a network predicted for every target token of the training data, kept so that the network it becomes can learn
/// from it: a few classes of each, which hold nearly all of the probability.
/// </summary>
internal sealed class TeacherPredictions
{
    private const int MostClasses = 8;
    private const int BatchSize = 64;
    private readonly int _perRow;
    private readonly int[][] _classes;
    private readonly Half[][] _probabilities;

    /// <summary>Predicts every token of the pairs with dropout off.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TeacherPredictions(TranslationNetwork network, IReadOnlyList<SentencePair> pairs, CancellationToken cancellationToken)
    {
        _perRow = Math.Min(MostClasses, network.Shape.TargetVocabulary);
        (_classes, _probabilities) = (new int[pairs.Count][], new Half[pairs.Count][]);
        bool training = network.training;
        network.eval();
        using IDisposable quiet = no_grad();
        int[] order = [.. Enumerable.Range(0, pairs.Count).OrderBy(i => pairs[i].Source.Length).ThenBy(i => pairs[i].Target.Length)];
        foreach (int[] rows in order.Chunk(BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            Predict(network, pairs, rows);
        }

        network.train(training);
    }

    /// <summary>The predictions for some pairs, in the order of <see cref="TranslationBatch.Labels"/>.</summary>
    public SoftTargets For(ReadOnlySpan<int> rows, double share)
    {
        var classes = new List<int>();
        var probabilities = new List<Half>();
        foreach (int row in rows)
        {
            classes.AddRange(_classes[row]);
            probabilities.AddRange(_probabilities[row]);
        }

        return new SoftTargets(_perRow, [.. classes], [.. probabilities], share);
    }

    private void Predict(TranslationNetwork network, IReadOnlyList<SentencePair> pairs, int[] rows)
    {
        using var scope = NewDisposeScope();
        var batch = new TranslationBatch([.. rows.Select(row => pairs[row])]);
        Tensor vectors = network.Predict(batch);
        (Tensor values, Tensor indices) = network.Logits(vectors).softmax(1).topk(_perRow, dim: 1);
        float[] probabilities = values.data<float>().ToArray();
        long[] classes = indices.data<long>().ToArray();
        int at = 0;
        foreach (int row in rows)
        {
            int count = (pairs[row].Target.Length + 1) * _perRow;
            _classes[row] = Array.ConvertAll(classes[at..(at + count)], c => (int)c);
            _probabilities[row] = Array.ConvertAll(probabilities[at..(at + count)], p => (Half)p);
            at += count;
        }
    }
}
