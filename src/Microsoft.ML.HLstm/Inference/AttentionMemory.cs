namespace Microsoft.ML.HLstm.Inference;

/// <summary>What an attention looks back at, for several sources. Filled by <see cref="AttentionScorer.Keys"/>.</summary>
internal sealed class AttentionMemory
{
    private float[] _values = [];
    private int[] _starts = [0];

    /// <summary>Sources.</summary>
    public int Sources { get; private set; }

    /// <summary>Most positions that a source has.</summary>
    public int MostPositions { get; private set; }

    /// <summary>[all positions, C]: source after source.</summary>
    public ReadOnlySpan<float> Values => _values;

    /// <summary>[all positions, H]: <c>S m</c> of each, so that every step's score is one dot product.</summary>
    public float[] Keys { get; private set; } = [];

    /// <summary>The first position of a source; of the number of sources, the number of all positions.</summary>
    public int Start(int source) => _starts[source];

    /// <summary>Positions of a source.</summary>
    public int Positions(int source) => _starts[source + 1] - _starts[source];

    /// <summary>Takes the memory of other sources.</summary>
    /// <param name="values">[all positions, C]; kept, not copied.</param>
    /// <param name="starts">[sources + 1]: where each source begins.</param>
    /// <param name="stateSize">H.</param>
    public void Reset(float[] values, ReadOnlySpan<int> starts, int stateSize)
    {
        _values = values;
        Sources = starts.Length - 1;
        if (_starts.Length < starts.Length)
            _starts = new int[starts.Length];
        starts.CopyTo(_starts);
        MostPositions = 0;
        for (int source = 0; source < Sources; source++)
            MostPositions = Math.Max(MostPositions, Positions(source));
        if (Keys.Length < starts[^1] * stateSize)
            Keys = new float[starts[^1] * stateSize];
    }
}
