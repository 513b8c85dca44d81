using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>The ways of running one layer that are compared. Baselines and "LSTM" have the same weights.</summary>
internal sealed class LayerWays
{
    private const int Pause = 50;
    private readonly LayerShape _shape;
    private readonly float[] _input;
    private readonly int _threads;
    private readonly List<LayerWay> _ways = [];

    /// <summary>TorchSharp, ONNX Runtime in float32 and int8, and this engine on the same weights.</summary>
    public LayerWays(LayerShape shape, int threads)
    {
        (_shape, _input, _threads) = (shape, shape.Input(), threads);
        CellWeights[] cells = Directions(random => random.Lstm(shape.InputSize, shape.StateSize));
        _ways.Add(shape.Length == 1
            ? new LayerWay("TorchSharp nn.LSTMCell", cells, () => new TorchLstmCell(shape, cells, _input), Baseline: true)
            : new LayerWay("TorchSharp nn.LSTM", cells, () => new TorchLstm(shape, cells, _input), Baseline: true));
        _ways.Add(new LayerWay("ONNX Runtime float32", cells, () => new OnnxLayer(shape, cells, _input, false, threads), Baseline: true));
        _ways.Add(new LayerWay("ONNX Runtime int8", cells, () => new OnnxLayer(shape, cells, _input, true, threads), Baseline: true, IsQuantized: true));
        Engine("LSTM, dense", cells);
    }

    public IReadOnlyList<LayerWay> All => _ways;

    /// <summary>Adds H-LSTM cells: dense, and each pattern at each sparsity.</summary>
    /// <param name="wideGates">True for gates as wide as the state, false for those of the default width.</param>
    /// <param name="masks">The patterns and densities.</param>
    public LayerWays WithHLstm(bool wideGates, params IEnumerable<(MaskPattern Pattern, double Density)> masks)
    {
        int gateSize = wideGates ? _shape.StateSize : GateNetworkOptions.DefaultWidth(_shape.StateSize);
        HLstm("H-LSTM, dense", MaskPattern.Unstructured, 1, gateSize);
        foreach ((MaskPattern pattern, double density) in masks)
            HLstm($"H-LSTM, {Masks.Describe(pattern, density)}", pattern, density, gateSize);
        return this;
    }

    /// <summary>Adds masks with the row and column counts of a trained cell.</summary>
    public LayerWays WithScaled(IEnumerable<TrainedCell> cells)
    {
        foreach (TrainedCell trained in cells)
        {
            CellWeights cell = new ScaledCells(trained.Weights, _shape.InputSize, _shape.StateSize).Make();
            Ordered($"counts of {trained.Name}", [.. Enumerable.Repeat(cell, _shape.Directions)]);
        }

        return this;
    }

    /// <summary>Adds a trained cell of this very shape, and a made-up one of its densities.</summary>
    public LayerWays WithTrained(TrainedCell trained)
    {
        Ordered("trained", [trained.Weights]);
        Ordered("same densities, unstructured", [new RandomCells(3).Like(trained.Weights)]);
        return this;
    }

    /// <summary>Checks all ways, and times them in turns.</summary>
    public ContestResult Measure(string title, int turns, double slice = 12)
    {
        List<ILayerRun> runs = [];
        try
        {
            var contest = new Contest(title, turns, warmup: 1, slice, _threads > 1 ? Pause : 0);
            foreach (LayerWay way in _ways)
            {
                ILayerRun run = way.Make();
                runs.Add(run);
                Check(way, run);
                contest.Add(new Contestant(way.Name, run.Run, Density(way.Cells)), way.Baseline);
            }

            using IDisposable inference = TorchSharp.torch.inference_mode();
            return contest.Measure();
        }
        finally
        {
            runs.ForEach(run => run.Dispose());
        }
    }

    /// <exception cref="InvalidOperationException">The results are wrong.</exception>
    public void Check(LayerWay way, ILayerRun run)
    {
        using IDisposable quiet = TorchSharp.torch.no_grad();
        LayerCheck.Check(way, run, _shape, _input);
    }

    private void HLstm(string name, MaskPattern pattern, double density, int gateSize)
    {
        CellWeights[] cells = Directions(random => random.HLstm(_shape.InputSize, _shape.StateSize, pattern, density, gateSize));
        if (pattern == MaskPattern.Unstructured)
            Ordered(name, cells);
        else
            Engine(name, cells);
    }

    private void Ordered(string name, CellWeights[] cells) => Engine(name, [.. cells.Select(cell => RandomCells.Ordered(cell, sequences: _shape.Length > 1))]);

    private void Engine(string name, CellWeights[] cells) =>
        _ways.Add(new LayerWay(name, cells, () => _shape.Length == 1 ? new EngineStep(_shape, cells[0], _input) : new EngineSequence(_shape, cells, _input, _threads)));

    private CellWeights[] Directions(Func<RandomCells, CellWeights> make) =>
        [.. Enumerable.Range(0, _shape.Directions).Select(direction => make(new RandomCells(1 + direction)))];

    private static double Density(CellWeights[] cells) =>
        cells.SelectMany(cell => cell.Matrices).Sum(matrix => (double)matrix.ActiveConnections)
            / cells.SelectMany(cell => cell.Matrices).Sum(matrix => (double)matrix.Count);
}
