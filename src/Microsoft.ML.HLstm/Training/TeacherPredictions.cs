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
    private readonly ITrainableNetwork _network;
    private readonly int _perPrediction;
    private readonly int[] _starts;
    private readonly int[] _classes;
    private readonly Half[] _probabilities;
    private double _share;

    /// <summary>Takes the memory for the predictions; there are none yet.</summary>
    /// <remarks>
    /// It is written to now, because memory that has only been asked for is not there yet, and would be missing when pruning
    /// begins, after hours of training.
    /// </remarks>
    /// <param name="network">The network to train, with its rows.</param>
    /// <param name="classes">How many classes it predicts.</param>
    /// <param name="predictions">How many predictions a row has.</param>
    public TeacherPredictions(ITrainableNetwork network, int classes, Func<int, int> predictions)
    {
        (_network, _perPrediction, _starts) = (network, Math.Min(MostClasses, classes), new int[network.Rows + 1]);
        for (int row = 0; row < network.Rows; row++)
            _starts[row + 1] = checked(_starts[row] + predictions(row) * _perPrediction);
        (_classes, _probabilities) = (new int[_starts[^1]], new Half[_starts[^1]]);
        Array.Fill(_classes, -1);
        Array.Fill(_probabilities, Half.NaN);
    }

    /// <summary>Predicts every token with dropout off, instead of what was predicted before.</summary>
    /// <param name="predict">Probabilities (N, classes) of some rows, row after row.</param>
    /// <param name="share">The share of a target that the predictions decide from now on.</param>
    /// <param name="preparation">Told about every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Predict(Func<int[], Tensor> predict, double share, Preparation preparation)
    {
        preparation.ForEachBatch(_network.Module, _network.Rows, BatchSize, _network.Length, rows => Keep(rows, predict(rows)));
        _share = share;
    }

    /// <summary>The predictions for some rows, row after row; null while there are none.</summary>
    public SoftTargets? For(ReadOnlySpan<int> rows)
    {
        if (_share == 0)
            return null;
        var classes = new List<int>();
        var probabilities = new List<Half>();
        foreach (int row in rows)
        {
            classes.AddRange(Of(row, _classes));
            probabilities.AddRange(Of(row, _probabilities));
        }

        return new SoftTargets(_perPrediction, [.. classes], [.. probabilities], _share);
    }

    private Span<T> Of<T>(int row, T[] all) => all.AsSpan(_starts[row], _starts[row + 1] - _starts[row]);

    private void Keep(int[] rows, Tensor predicted)
    {
        (Tensor values, Tensor indices) = predicted.topk(_perPrediction, dim: 1);
        float[] probabilities = values.data<float>().ToArray();
        long[] classes = indices.data<long>().ToArray();
        int from = 0;
        foreach (int row in rows)
        {
            for (int to = _starts[row]; to < _starts[row + 1]; to++, from++)
                (_classes[to], _probabilities[to]) = ((int)classes[from], (Half)probabilities[from]);
        }
    }
}
