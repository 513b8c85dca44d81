namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A layer of one engine with its memory, ready to be timed.</summary>
internal interface ILayerRun : IDisposable
{
    /// <summary>(T, D, B, H) of the last run.</summary>
    float[] Output { get; }

    /// <summary>Runs the whole sequence; a single step goes on from the states of the step before.</summary>
    void Run();

    /// <summary>Goes back to states of zero.</summary>
    void Reset();
}
