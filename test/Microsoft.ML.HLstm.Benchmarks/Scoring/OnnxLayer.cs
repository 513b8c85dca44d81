using Microsoft.ML.HLstm.Benchmarks.Onnx;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>ONNX Runtime on one layer.</summary>
internal sealed class OnnxLayer : ILayerRun
{
    private readonly OnnxLstm _lstm;

    public OnnxLayer(LayerShape shape, CellWeights[] cells, float[] input, bool quantized, int threads)
    {
        var model = new OnnxLstmModel(cells, shape.Length, shape.Batch);
        _lstm = new OnnxLstm(model, quantized ? model.Quantized() : model.Single(), input, threads);
    }

    public float[] Output => _lstm.Output;

    public void Run() => _lstm.Run();

    public void Reset() => _lstm.Reset();

    public void Dispose() => _lstm.Dispose();
}
