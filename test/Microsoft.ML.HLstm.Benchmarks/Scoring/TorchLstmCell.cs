using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary><c>nn.LSTMCell</c>, one step at a time. It is to run in inference mode.</summary>
internal sealed class TorchLstmCell : ILayerRun
{
    private readonly LayerShape _shape;
    private readonly LSTMCell _cell;
    private readonly Tensor _input;
    private Tensor _h;
    private Tensor _c;

    public TorchLstmCell(LayerShape shape, CellWeights[] cells, float[] input)
    {
        _shape = shape;
        _cell = nn.LSTMCell(shape.InputSize, shape.StateSize);
        TorchWeights.Set(_cell, "", cells[0]);
        _cell.eval();
        _input = tensor(input, [shape.Batch, shape.InputSize]);
        (_h, _c) = (Zeros(), Zeros());
    }

    public float[] Output => _h.data<float>().ToArray();

    public void Run()
    {
        (Tensor h, Tensor c) = _cell.call(_input, (_h, _c));
        _h.Dispose();
        _c.Dispose();
        (_h, _c) = (h, c);
    }

    public void Reset()
    {
        _h.Dispose();
        _c.Dispose();
        (_h, _c) = (Zeros(), Zeros());
    }

    public void Dispose()
    {
        _h.Dispose();
        _c.Dispose();
        _input.Dispose();
        _cell.Dispose();
    }

    private Tensor Zeros() => zeros(_shape.Batch, _shape.StateSize);
}
