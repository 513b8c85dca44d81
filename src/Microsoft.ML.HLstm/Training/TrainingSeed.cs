using Microsoft.ML.HLstm.Training.Checkpoints;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training;

/// <summary>The seed of a run.</summary>
internal static class TrainingSeed
{
    /// <summary>The seed that the run of the checkpoint began with, that of the options, or one from the environment.</summary>
    public static int Of(SequenceTrainerOptions options, IHost host, TrainingCheckpoints? checkpoints)
    {
        if ((checkpoints?.Seed ?? options.Seed) is { } seed)
            return seed;
        // One trainer may fit in several threads at once, and its random numbers are not made for that.
        lock (host)
            return host.Rand.Next();
    }
}
