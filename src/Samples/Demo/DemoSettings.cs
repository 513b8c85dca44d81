using Microsoft.ML.HLstm;
using Samples.Translate;

namespace Samples.Demo;

/// <summary>What the demonstration trains: small enough to end within five minutes on two cores, built for release.</summary>
internal static class DemoSettings
{
    public const int Seed = 1;
    public const int ShownTranslations = 10;
    public const int TrainingPairs = 42_000;

    public static TranslationOptions Options() => new()
    {
        LabelColumnName = nameof(SentencePair.English),
        FeatureColumnName = nameof(SentencePair.German),
        StateSize = 128,
        EmbeddingSize = 128,
        Subwords = false,
        Epochs = 4,
        BatchSize = 64,
        LearningRate = 0.01,
        WarmupSteps = 200,
        ConsistencyWeight = 0,
        WeightAveraging = 0.995,
        MaximumLength = 20,
        // With more threads libtorch can become many times slower when something else has the processors.
        Threads = 1,
        GrowAndPrune = GrowAndPruneSchedule.Accurate with
        {
            FinalRecoveryEpochs = 4,
            AllowedLoss = 0.02,
            EmbeddingTargetDensity = 0.5,
        },
    };
}
