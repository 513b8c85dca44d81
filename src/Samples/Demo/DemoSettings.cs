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
        LearningRate = 2e-3,
        LearningRateSchedule = LearningRateSchedule.Plateau,
        WarmupSteps = 0,
        Dropout = 0.3f,
        ConsistencyWeight = 0,
        MaximumLength = 20,
        // With more threads libtorch can become many times slower when something else has the processors.
        Threads = 1,
        GrowAndPrune = GrowAndPruneSchedule.Accurate with
        {
            Matrices = MaskedMatrices.Gates,
            GrowthRounds = 2,
            ShiftEpochs = 2,
            PruningRounds = 2,
            PruningRatio = 0.4,
            RecoveryEpochs = 1,
            FinalRecoveryEpochs = 1,
            Distillation = 0.5,
            AllowedLoss = 0.02,
        },
    };
}
