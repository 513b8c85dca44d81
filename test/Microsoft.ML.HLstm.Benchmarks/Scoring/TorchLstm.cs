using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary><c>nn.LSTM</c> over a whole sequence. It is to run in inference mode.</summary>
internal sealed class TorchLstm : ILayerRun
{
    private readonly LSTM _lstm;
    private readonly Tensor _input;
    private Tensor _output = empty(0);

    /// <summary>Two directions are laid out like ONNX's for a batch of 1 only.</summary>
    public TorchLstm(LayerShape shape, CellWeights[] cells, float[] input)
    {
        if (shape is { Directions: 2, Batch: > 1 })
            throw new ArgumentException($"A batch of {shape.Batch} in two directions is not compared; 1 is allowed.", nameof(shape));
        _lstm = nn.LSTM(shape.InputSize, shape.StateSize, bidirectional: shape.Directions == 2);
        TorchWeights.Set(_lstm, "_l0", cells[0]);
        if (shape.Directions == 2)
            TorchWeights.Set(_lstm, "_l0_reverse", cells[1]);
        _lstm.eval();
        _input = tensor(input, [shape.Length, shape.Batch, shape.InputSize]);
    }

    public float[] Output => _output.data<float>().ToArray();

    public void Run()
    {
        (Tensor output, Tensor h, Tensor c) = _lstm.call(_input);
        _output.Dispose();
        h.Dispose();
        c.Dispose();
        _output = output;
    }

    public void Reset()
    {
    }

    public void Dispose()
    {
        _output.Dispose();
        _input.Dispose();
        _lstm.Dispose();
    }
}
