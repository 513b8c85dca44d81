using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>The project's scoring code. Threads share out directions and rows.</summary>
internal sealed class EngineLayer : ILayerRun
{
    private readonly LayerShape _shape;
    private readonly float[] _input;
    private readonly HLstmCellScorer[] _cells;
    private readonly CellScratch[] _scratch;
    private readonly float[] _h;
    private readonly float[] _c;
    private readonly int _parts;
    private readonly ParallelOptions _threads;

    public EngineLayer(LayerShape shape, CellWeights[] cells, float[] input, int threads)
    {
        (_shape, _input) = (shape, input);
        _cells = [.. cells.Select(cell => new HLstmCellScorer(cell))];
        _h = new float[shape.Directions * shape.Batch * shape.StateSize];
        _c = new float[_h.Length];
        Output = new float[shape.Length * _h.Length];
        _parts = Math.Clamp(threads / shape.Directions, 1, shape.Batch);
        _scratch = [.. Enumerable.Range(0, shape.Directions * _parts).Select(_ => new CellScratch(_cells))];
        _threads = new ParallelOptions { MaxDegreeOfParallelism = threads };
    }

    public float[] Output { get; }

    public void Run()
    {
        if (_shape.Length > 1)
            Reset();
        if (_threads.MaxDegreeOfParallelism > 1 && _scratch.Length > 1)
        {
            Parallel.For(0, _scratch.Length, _threads, RunPart);
            return;
        }

        for (int part = 0; part < _scratch.Length; part++)
            RunPart(part);
    }

    public void Reset()
    {
        Array.Clear(_h);
        Array.Clear(_c);
    }

    public void Dispose()
    {
    }

    /// <summary>Some rows in one direction, side by side where the layouts of the cell make that faster.</summary>
    private void RunPart(int part)
    {
        int direction = part / _parts, share = part % _parts;
        int first = _shape.Batch * share / _parts, end = _shape.Batch * (share + 1) / _parts;
        HLstmCellScorer cell = _cells[direction];
        int lanes = Lanes.For(end - first);
        bool together = cell.Cost(lanes) < cell.Cost(1) * Math.Min(lanes, end - first);
        for (int row = first; row < end; row += together ? lanes : 1)
        {
            if (together)
                RunRows(direction, row, Math.Min(lanes, end - row), lanes, _scratch[part]);
            else
                RunRows(direction, row, 1, 1, _scratch[part]);
        }
    }

    private void RunRows(int direction, int row, int rows, int lanes, CellScratch scratch)
    {
        int size = _shape.StateSize, place = ((direction * _shape.Batch) + row) * size;
        if (lanes == 1)
        {
            RunRow(direction, row, scratch);
            return;
        }

        float[] x = new float[_shape.InputSize * lanes], h = new float[size * lanes], c = new float[size * lanes];
        for (int lane = 0; lane < rows; lane++)
        {
            Lanes.Put(_h.AsSpan(place + (lane * size), size), h, lanes, lane);
            Lanes.Put(_c.AsSpan(place + (lane * size), size), c, lanes, lane);
        }

        for (int step = 0; step < _shape.Length; step++)
        {
            int t = direction == 0 ? step : _shape.Length - 1 - step;
            for (int lane = 0; lane < rows; lane++)
                Lanes.Put(_input.AsSpan(((t * _shape.Batch) + row + lane) * _shape.InputSize, _shape.InputSize), x, lanes, lane);
            _cells[direction].Step(x, h, c, lanes, scratch);
            for (int lane = 0; lane < rows; lane++)
                Lanes.Take(h, lanes, lane, Output.AsSpan((t * _h.Length) + place + (lane * size), size));
        }

        for (int lane = 0; lane < rows; lane++)
        {
            Lanes.Take(h, lanes, lane, _h.AsSpan(place + (lane * size), size));
            Lanes.Take(c, lanes, lane, _c.AsSpan(place + (lane * size), size));
        }
    }

    private void RunRow(int direction, int row, CellScratch scratch)
    {
        int size = _shape.StateSize, place = ((direction * _shape.Batch) + row) * size;
        Span<float> h = _h.AsSpan(place, size), c = _c.AsSpan(place, size);
        for (int step = 0; step < _shape.Length; step++)
        {
            int t = direction == 0 ? step : _shape.Length - 1 - step;
            _cells[direction].Step(_input.AsSpan(((t * _shape.Batch) + row) * _shape.InputSize, _shape.InputSize), h, c, scratch);
            h.CopyTo(Output.AsSpan((t * _h.Length) + place));
        }
    }
}
