using Microsoft.ML.HLstm.Inference;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Gives the engine's search what a step in TorchSharp has computed, one hypothesis after the other.</summary>
internal sealed class StepLogProbabilities(int vocabularySize)
{
    private float[] _values = [];
    private int _rows, _read;

    /// <summary>Makes room for so many hypotheses.</summary>
    public void Reserve(int hypotheses) => Lanes.Reserve(ref _values!, hypotheses * vocabularySize);

    /// <summary>Takes the scores of a step, [hypotheses, vocabulary].</summary>
    public void Take(Tensor logits)
    {
        logits.log_softmax(1).data<float>().CopyTo(_values);
        (_rows, _read) = ((int)logits.shape[0], 0);
    }

    /// <inheritdoc cref="IStepModel.TryReadScores"/>
    public bool TryRead(out StepScores scores)
    {
        scores = default;
        if (_read == _rows)
            return false;
        scores = new StepScores
        {
            First = _read,
            Count = 1,
            Lanes = 1,
            Scores = _values.AsSpan(_read++ * vocabularySize, vocabularySize),
            Normalizers = [0],
            Attended = [-1],
        };
        return true;
    }
}
