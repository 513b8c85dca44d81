namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>The work of one run: <c>(Length, Batch, InputSize)</c> in, <c>(Length, Directions, Batch, StateSize)</c> out.</summary>
internal sealed record LayerShape(int InputSize, int StateSize, int Length = 1, int Batch = 1, int Directions = 1)
{
    /// <summary>A standard normal input, the same for every way.</summary>
    public float[] Input()
    {
        var random = new NormalRandom(7);
        return [.. Enumerable.Range(0, Length * Batch * InputSize).Select(_ => random.Next())];
    }
}
