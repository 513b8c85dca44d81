using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// What a network predicted for every step of the training data as it was recorded, kept so that the network it becomes can learn
/// from it (G. Hinton, O. Vinyals, J. Dean, arXiv 1503.02531).
/// </summary>
internal sealed class SpeechTeacher
{
    private readonly int _labels;
    private readonly double _share;
    private readonly Half[][] _probabilities;

    /// <summary>Predicts every utterance with dropout off.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public SpeechTeacher(SpeechNetwork network, IReadOnlyList<Utterance> utterances, double share, Preparation preparation)
    {
        (_labels, _share, _probabilities) = (network.Shape.Labels, share, new Half[utterances.Count][]);
        network.ForEach(utterances, (row, logProbabilities) => _probabilities[row] = Array.ConvertAll(logProbabilities.exp().data<float>().ToArray(), p => (Half)p), preparation);
    }

    /// <summary>
    /// The targets of some rows that now have <paramref name="steps"/>: an utterance that is spoken faster or slower has the same
    /// labels, sooner or later.
    /// </summary>
    public SpeechTargets For(ReadOnlySpan<int> rows, int[] steps)
    {
        int batch = rows.Length;
        var targets = new float[steps.Max() * batch * _labels];
        for (int row = 0; row < batch; row++)
        {
            float[] stretched = TimeStretch.Run(Array.ConvertAll(_probabilities[rows[row]], p => (float)p), _labels, steps[row]);
            for (int t = 0; t < steps[row]; t++)
                stretched.AsSpan(t * _labels, _labels).CopyTo(targets.AsSpan((t * batch + row) * _labels));
        }

        return new SpeechTargets(tensor(targets, [steps.Max(), batch, _labels]), _share);
    }
}
