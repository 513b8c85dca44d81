namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Standard normal numbers by the method of Box and Muller.</summary>
internal sealed class NormalRandom(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>Uniform numbers of the same source.</summary>
    public Random Uniform => _random;

    public float Next() =>
        MathF.Sqrt(-2 * MathF.Log(1 - _random.NextSingle())) * MathF.Cos(2 * MathF.PI * _random.NextSingle());
}
