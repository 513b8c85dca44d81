namespace Microsoft.ML.HLstm.Inference;

/// <summary>Working memory of an attention; each thread needs its own.</summary>
internal sealed class AttentionScratch
{
    private float[] _weights = [];
    private float[] _combined = [];

    /// <summary>Weights of positions, one or several lanes.</summary>
    public Span<float> Weights(int length)
    {
        Lanes.Reserve(ref _weights!, length);
        return _weights.AsSpan(0, length);
    }

    /// <summary>[context; state], what the combining layer reads.</summary>
    public Span<float> Combined(int length)
    {
        Lanes.Reserve(ref _combined!, length);
        return _combined.AsSpan(0, length);
    }
}
