using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>The project's scoring code on whole sequences, as the encoders of the tasks run it. Threads share out directions.</summary>
internal sealed class EngineSequence : ILayerRun
{
    private readonly LayerShape _shape;
    private readonly Inference.RecurrentLayers _layers;
    private readonly RecurrentSequences _sequences;

    public EngineSequence(LayerShape shape, CellWeights[] cells, float[] input, int threads)
    {
        _shape = shape;
        HLstmCellScorer[] Direction(int index) => index < cells.Length ? [new HLstmCellScorer(cells[index], sequences: true)] : [];
        _layers = new Inference.RecurrentLayers(Direction(0), Direction(1), threads);
        int[] starts = [.. Enumerable.Range(0, shape.Batch + 1).Select(row => row * shape.Length)];
        int width = shape.Directions * shape.StateSize;
        _sequences = new RecurrentSequences(starts, shape.Batch, BehindEachOther(input), new float[shape.Batch * shape.Length * width], width);
    }

    public float[] Output
    {
        get
        {
            float[] output = new float[_sequences.Outputs.Length];
            int size = _shape.StateSize;
            for (int position = 0; position < _shape.Batch * _shape.Length; position++)
            {
                (int row, int t) = Math.DivRem(position, _shape.Length);
                for (int direction = 0; direction < _shape.Directions; direction++)
                {
                    _sequences.Outputs.AsSpan((position * _sequences.Width) + (direction * size), size)
                        .CopyTo(output.AsSpan(((((t * _shape.Directions) + direction) * _shape.Batch) + row) * size));
                }
            }

            return output;
        }
    }

    public void Run() => _layers.Run(0, _sequences);

    public void Reset()
    {
    }

    public void Dispose()
    {
    }

    /// <summary>(T, B, I) to (B, T, I).</summary>
    private float[] BehindEachOther(float[] input)
    {
        float[] result = new float[input.Length];
        int width = _shape.InputSize;
        for (int position = 0; position < _shape.Batch * _shape.Length; position++)
        {
            (int row, int t) = Math.DivRem(position, _shape.Length);
            input.AsSpan(((t * _shape.Batch) + row) * width, width).CopyTo(result.AsSpan(position * width));
        }

        return result;
    }
}
