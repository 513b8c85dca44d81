using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <content>Hypotheses whose states lie apart: each weight is read once for a few of them.</content>
internal abstract partial class StepDecoder
{
    /// <summary>Hypotheses that are computed together: their scores stay in the cache.</summary>
    private const int MostApart = 10;

    private readonly float[] _below;
    private int _computed;
    private int _firstApart;

    /// <summary>The next hypothesis, after a group of them has been computed together.</summary>
    private StepScores ReadApart()
    {
        if (_read == _computed)
        {
            _firstApart = _read;
            _computed = Math.Min(_count, _read + MostApart);
            ComputeApart(_computed - _read);
        }

        int at = _read - _firstApart;
        int[]? tokens = Shortlists?[_states.Sources[_read]];
        Span<float> scores = _scores.AsSpan(at * _scoreStride, tokens?.Length ?? VocabularySize);
        LogSoftmax.Normalizers(scores, 1, _normalizers.AsSpan(0, 1));
        return new StepScores { First = _read++, Count = 1, Lanes = 1, Tokens = tokens, Scores = scores, Normalizers = _normalizers.AsSpan(0, 1), Attended = _attended.AsSpan(at, 1) };
    }

    /// <summary>From the embedding to the scores.</summary>
    private void ComputeApart(int count)
    {
        int stride = InitialState.Length, attention = stride - (_network.Attention?.OutputSize ?? 0);
        Span<float> states = _states.Blocks(_read, count), input = Input(count);
        int width = _network.Cells[0].InputSize, embedding = _network.Embedding.Columns;
        for (int vector = 0; vector < count; vector++)
        {
            Span<float> own = input.Slice(vector * width, width);
            _network.Embedding.CopyRow(_tokens[_read + vector], own[..embedding]);
            if (_network.InputFeeding)
                states.Slice((vector * stride) + attention, stride - attention).CopyTo(own[embedding..]);
        }

        int top = 0;
        for (int layer = 0, at = 0; layer < _network.Cells.Length; at += 2 * _network.Cells[layer++].StateSize)
        {
            HLstmCellScorer cell = _network.Cells[layer];
            if (layer > 0)
            {
                input = _below.AsSpan(0, cell.InputSize * count);
                for (int vector = 0; vector < count; vector++)
                    states.Slice((vector * stride) + top, cell.InputSize).CopyTo(input[(vector * cell.InputSize)..]);
            }

            cell.StepEach(input, states[at..], states[(at + cell.StateSize)..], stride, count, _scratch);
            top = at;
        }

        _network.Attention?.AttendEach(_memory, _states.Sources.Slice(_read, count), states[top..], stride, _attention, states[attention..], _attended);
        Project(states[(_network.Attention is null ? top : attention)..], stride, count);
    }

    /// <summary>The scores of hypotheses from <see cref="_read"/> on.</summary>
    private void Project(ReadOnlySpan<float> vectors, int stride, int count)
    {
        if (Shortlists is null)
        {
            _network.OutputProjection.ApplyEach(vectors, stride, _scores, _scoreStride, count);
            return;
        }

        ReadOnlySpan<int> sources = _states.Sources.Slice(_read, count);
        for (int first = 0, next = 0; first < count; first = next)
        {
            while (next < count && sources[next] == sources[first])
                next++;
            _network.ShortlistedProjection.ApplyEach(
                Shortlists[sources[first]], vectors[(first * stride)..], stride, _scores.AsSpan(first * _scoreStride), _scoreStride, next - first, InstructionSets.Best);
        }
    }
}
