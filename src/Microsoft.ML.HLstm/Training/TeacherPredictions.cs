using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// What a network, or several together, predicted for every token of the training data, kept so that the network to train can learn
/// from it (G. Hinton, O. Vinyals, J. Dean, arXiv 1503.02531): a few classes of each, which hold nearly all of the probability.
/// </summary>
internal sealed class TeacherPredictions
{
    private const int MostClasses = 8;
    private const int BatchSize = 64;
    private readonly int _perRow;
    private readonly int[][] _classes;
    private readonly Half[][] _probabilities;

    /// <summary>Predicts every token with dropout off.</summary>
    /// <param name="network">The network to train, with its rows.</param>
    /// <param name="classes">How many classes it predicts.</param>
    /// <param name="predictions">How many predictions a row has.</param>
    /// <param name="predict">Probabilities (N, classes) of some rows, row after row.</param>
    /// <param name="preparation">Told about every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TeacherPredictions(ITrainableNetwork network, int classes, Func<int, int> predictions, Func<int[], Tensor> predict, Preparation preparation)
    {
        _perRow = Math.Min(MostClasses, classes);
        (_classes, _probabilities) = (new int[network.Rows][], new Half[network.Rows][]);
        preparation.ForEachBatch(network.Module, network.Rows, BatchSize, network.Length, rows => Keep(rows, predictions, predict(rows)));
    }

    /// <summary>The predictions for some rows, row after row.</summary>
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

    private void Keep(int[] rows, Func<int, int> predictions, Tensor predicted)
    {
        (Tensor values, Tensor indices) = predicted.topk(_perRow, dim: 1);
        float[] probabilities = values.data<float>().ToArray();
        long[] classes = indices.data<long>().ToArray();
        int at = 0;
        foreach (int row in rows)
        {
            int count = predictions(row) * _perRow;
            _classes[row] = Array.ConvertAll(classes[at..(at + count)], c => (int)c);
            _probabilities[row] = Array.ConvertAll(probabilities[at..(at + count)], p => (Half)p);
            at += count;
        }
    }
}
