using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The states of hypotheses, in blocks of some lanes: h and c of each layer, then the attentional vector where there is one. A step gathers those
/// of the parents.
/// </summary>
internal sealed class DecoderStates(int rows)
{
    private float[] _values = [], _next = [];
    private int[] _sources = [], _nextSources = [];
    private int _lanes = 1;

    /// <summary>[rows, lanes]: the block in which hypothesis <paramref name="first"/> is the first lane.</summary>
    public Span<float> Block(int first) => _values.AsSpan(first * rows, rows * _lanes);

    /// <summary>The source of each hypothesis.</summary>
    public ReadOnlySpan<int> Sources => _sources;

    /// <summary>Lanes of a block.</summary>
    public int LanesOfBlock => _lanes;

    /// <summary>Makes room.</summary>
    public void Reserve(int hypotheses)
    {
        int most = (hypotheses + Lanes.Most - 1) / Lanes.Most * Lanes.Most;
        if (_sources.Length >= most)
            return;
        (_values, _next) = (new float[most * rows], new float[most * rows]);
        (_sources, _nextSources) = (new int[most], new int[most]);
    }

    /// <summary>Sets the state before the first token of a source.</summary>
    public void Start(int source, ReadOnlySpan<float> state)
    {
        _lanes = 1;
        state.CopyTo(_values.AsSpan(source * rows));
        _sources[source] = source;
    }

    /// <summary>Hypothesis i becomes a copy of hypothesis <c>parents[i]</c>, in blocks of so many lanes.</summary>
    public void Gather(ReadOnlySpan<int> parents, int lanes)
    {
        for (int index = 0; index < parents.Length; index++)
            _nextSources[index] = _sources[parents[index]];
        for (int first = 0; first < parents.Length; first += lanes)
        {
            ReadOnlySpan<int> block = parents[first..Math.Min(parents.Length, first + lanes)];
            if (lanes == PackedMatrix.LaneMultiple && _lanes == lanes && parents.Length <= lanes)
                Permute(block);
            else
                Copy(block, first, lanes);
        }

        (_values, _next, _sources, _nextSources) = (_next, _values, _nextSources, _sources);
        _lanes = lanes;
    }

    private void Copy(ReadOnlySpan<int> parents, int first, int lanes)
    {
        Span<float> to = _next.AsSpan(first * rows, rows * lanes);
        for (int lane = 0; lane < parents.Length; lane++)
        {
            int parent = parents[lane], from = parent % _lanes;
            ReadOnlySpan<float> block = _values.AsSpan((parent - from) * rows, rows * _lanes);
            if (_lanes == 1)
            {
                Lanes.Put(block, to, lanes, lane);
                continue;
            }

            for (int row = 0; row < rows; row++)
                to[(row * lanes) + lane] = block[(row * _lanes) + from];
        }
    }

    /// <summary>Eight lanes of eight: one instruction a row.</summary>
    private void Permute(ReadOnlySpan<int> parents)
    {
        Span<int> lanes = stackalloc int[PackedMatrix.LaneMultiple];
        parents.CopyTo(lanes);
        Vector256<int> from = Vector256.Create<int>(lanes);
        ref float values = ref MemoryMarshal.GetArrayDataReference(_values);
        ref float next = ref MemoryMarshal.GetArrayDataReference(_next);
        for (int at = 0; at < rows * PackedMatrix.LaneMultiple; at += PackedMatrix.LaneMultiple)
            Vector256.Shuffle(Vector256.LoadUnsafe(ref values, (nuint)at), from).StoreUnsafe(ref next, (nuint)at);
    }
}
