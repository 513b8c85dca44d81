namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Recurrent layers in one or two directions, which run at the same time from two threads on. Holds working memory, so each
/// scorer needs its own; the cells are shared.
/// </summary>
internal sealed class RecurrentLayers
{
    private readonly HLstmCellScorer[] _forward;
    private readonly HLstmCellScorer[] _backward;
    private readonly RecurrentDirection _ahead;
    private readonly RecurrentDirection _back;
    private readonly Action[] _directions;
    private readonly ParallelOptions _parallel;
    private RecurrentSequences _sequences;
    private int _layer;

    /// <summary>Makes room for layers of cells; <paramref name="backward"/> is empty where there is one direction.</summary>
    public RecurrentLayers(HLstmCellScorer[] forward, HLstmCellScorer[] backward, int threads)
    {
        (_forward, _backward) = (forward, backward);
        _ahead = new RecurrentDirection(forward, backward: false);
        _back = new RecurrentDirection(backward, backward: true);
        _directions = backward.Length > 0 ? [RunForward, RunBackward] : [RunForward];
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    /// <summary>Layers of cells.</summary>
    public int Count => _forward.Length;

    /// <summary>Width of what a layer puts out: [forward; backward].</summary>
    public int Width(int layer) => _forward[layer].StateSize + (_backward.Length > 0 ? _backward[layer].StateSize : 0);

    /// <summary>Runs one layer over all sequences.</summary>
    public void Run(int layer, in RecurrentSequences sequences)
    {
        (_layer, _sequences) = (layer, sequences);
        if (_parallel.MaxDegreeOfParallelism > 1 && _directions.Length > 1)
        {
            Parallel.Invoke(_parallel, _directions);
            return;
        }

        foreach (Action direction in _directions)
            direction();
    }

    private void RunForward() => _ahead.Run(_layer, _sequences, 0);

    private void RunBackward() => _back.Run(_layer, _sequences, _forward[_layer].StateSize);
}
