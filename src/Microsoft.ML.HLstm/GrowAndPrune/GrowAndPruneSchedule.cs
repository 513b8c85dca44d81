namespace Microsoft.ML.HLstm;

/// <summary>
/// The schedule of grow-and-prune training (X. Dai, H. Yin, N. K. Jha, arXiv 1805.11797): a sparse seed, growth,
/// activation shift, pruning. Take a preset, or change one: <c>GrowAndPruneSchedule.Compact with { TargetDensity = 0.05 }</c>.
/// </summary>
public sealed record GrowAndPruneSchedule
{
    /// <summary>No grow-and-prune: every connection is there from start to end.</summary>
    public static GrowAndPruneSchedule None { get; } = new()
    {
        Matrices = MaskedMatrices.None,
        SeedDensity = 1,
        GrowthRounds = 0,
        ActivationShift = false,
        PruningRounds = 0,
    };

    /// <summary>Fewest parameters: gates, attention, projection and embeddings are pruned as far as the metric allows.</summary>
    public static GrowAndPruneSchedule Compact { get; } = new()
    {
        Matrices = MaskedMatrices.All,
        SeedDensity = 0.9,
        GrowthRounds = 1,
        GrowthRatio = 0.5,
        PruningRatio = 0.5,
        PruningRounds = 6,
        RecoveryEpochs = 1,
        FinalRecoveryEpochs = 20,
        AllowedLoss = 0.03,
        InterimLoss = 0.3,
        TargetDensity = 0.12,
        EmbeddingTargetDensity = 0.25,
    };

    /// <summary>
    /// Lowest latency: what a scoring step reads is pruned, by the pattern that is fastest on this machine; the embeddings, of
    /// which it reads one row, are not.
    /// </summary>
    public static GrowAndPruneSchedule Fast { get; } = Compact with
    {
        Matrices = MaskedMatrices.Gates | MaskedMatrices.Attention | MaskedMatrices.OutputProjection,
        Pattern = SparsityPattern.Fastest,
        EmbeddingTargetDensity = 0.15,
    };

    /// <summary>Best quality: connections grow, are pruned once and trained on, and the better of the two networks is returned.</summary>
    public static GrowAndPruneSchedule Accurate { get; } = new()
    {
        Matrices = MaskedMatrices.All,
        SeedDensity = 0.9,
        GrowthRounds = 1,
        GrowthRatio = 0.5,
        PruningRatio = 0.7,
        PruningRounds = 1,
        FinalRecoveryEpochs = 12,
        AllowedLoss = 0,
        TargetDensity = 0.3,
        EmbeddingTargetDensity = 0.6,
    };

    /// <summary>The matrices that are masked.</summary>
    public MaskedMatrices Matrices { get; init; } = MaskedMatrices.Gates;

    /// <summary>
    /// Where the active connections of masked matrices may lie; of no effect where none is masked, and
    /// <see cref="SparsityPattern.Fastest"/> where nothing is pruned. A structured pattern costs quality at equal density and is
    /// faster to score.
    /// </summary>
    public SparsityPattern Pattern { get; init; } = SparsityPattern.Unstructured;

    /// <summary>Share of connections that are active at the start, above 0 and at most 1.</summary>
    public double SeedDensity { get; init; } = 0.5;

    /// <summary>How many times connections grow, from 0 to 1000.</summary>
    public int GrowthRounds { get; init; } = 3;

    /// <summary>Share of the dormant connections of each matrix that one growth round activates, above 0 and at most 1.</summary>
    public double GrowthRatio { get; init; } = 0.3;

    /// <summary>Epochs of training before each growth round, from 1 to 1000.</summary>
    public int GrowthEpochs { get; init; } = 1;

    /// <summary>Batches over which a growth round averages gradients, from 1 to 1,000,000 (at most one pass over the data).</summary>
    public int GrowthBatches { get; init; } = 64;

    /// <summary>How the connections to grow are chosen.</summary>
    public GrowthCriterion GrowthCriterion { get; init; } = GrowthCriterion.Gradient;

    /// <summary>True when the gates' leaky ReLU becomes ReLU before pruning.</summary>
    public bool ActivationShift { get; init; } = true;

    /// <summary>Epochs of retraining after the activation shift, from 1 to 1000.</summary>
    public int ShiftEpochs { get; init; } = 1;

    /// <summary>Share of the active connections of each matrix that one pruning round removes, above 0 and at most 0.999.</summary>
    public double PruningRatio { get; init; } = 0.3;

    /// <summary>How many times connections are pruned at most, from 0 to 1000.</summary>
    public int PruningRounds { get; init; } = 8;

    /// <summary>Epochs of retraining that a pruned network has at most to recover, from 1 to 1000.</summary>
    public int RecoveryEpochs { get; init; } = 2;

    /// <summary>
    /// Epochs of retraining at the end, once nothing more is pruned, from 1 to 1000; null means <see cref="RecoveryEpochs"/>. With
    /// <see cref="LearningRateSchedule.Cosine"/> they go through the whole schedule of learning rates once more, its warm-up included.
    /// </summary>
    public int? FinalRecoveryEpochs { get; init; }

    /// <summary>
    /// True when <see cref="SequenceTrainerOptions.Dropout"/> and <see cref="SequenceTrainerOptions.GateDropout"/> count as much as the
    /// square root of the share of connections that are active (S. Han et al., arXiv 1506.02626, section 3.2): a network that has fewer of
    /// them learns less by heart. Not part of arXiv 1805.11797.
    /// </summary>
    public bool ScaleDropout { get; init; } = true;

    /// <summary>
    /// The share of what retraining after pruning aims at that the best model so far decides; the labels decide the rest.
    /// From 0 (labels alone) to 1. A network that loses connections keeps more of what it knew when it learns from the
    /// probabilities of the whole one (G. Hinton, O. Vinyals, J. Dean, arXiv 1503.02531); not part of arXiv 1805.11797.
    /// </summary>
    public double Distillation { get; init; }

    /// <summary>
    /// The loss of the validation metric, relative to the best of the run so far, that a pruned network may have;
    /// from 0 to 1. A network beyond it after its recovery epochs ends the pruning, and the last one within it is returned.
    /// </summary>
    public double AllowedLoss { get; init; } = 0.01;

    /// <summary>
    /// What a network may lose beside <see cref="AllowedLoss"/> and still be pruned further; from 0 to 1. A few epochs of recovery do not bring a network to its
    /// end, the last retraining brings back more. Such a network is not returned.
    /// </summary>
    public double InterimLoss { get; init; }

    /// <summary>
    /// Pruning ends at this share of active connections in the masked matrices, or at the next larger one that
    /// <see cref="Pattern"/> can have; above 0 and at most 1.
    /// </summary>
    public double TargetDensity { get; init; } = 0.05;

    /// <summary>
    /// The share of active connections at which embeddings and output projection stop; null means
    /// <see cref="TargetDensity"/>. They hold what a model knows of each word, and bear less pruning than gates do.
    /// </summary>
    public double? EmbeddingTargetDensity { get; init; }

    /// <summary>The density at which the pruning of a matrix of this group stops.</summary>
    internal double TargetOf(MaskedMatrices group) =>
        (group & (MaskedMatrices.Embeddings | MaskedMatrices.OutputProjection)) != 0 ? EmbeddingTargetDensity ?? TargetDensity : TargetDensity;

    /// <summary>The pattern until pruning starts.</summary>
    internal SparsityPattern FirstPattern => Pattern == SparsityPattern.Fastest ? SparsityPattern.Unstructured : Pattern;

    internal bool Prunes => PruningRounds > 0 && Matrices != MaskedMatrices.None;

    internal bool Distils => Prunes && Distillation > 0;

    internal void Validate()
    {
        if ((Matrices & ~MaskedMatrices.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(Matrices), Matrices, $"The option GrowAndPrune.{nameof(Matrices)} is {Matrices}; allowed is any combination of {MaskedMatrices.All}.");
        OptionChecks.Defined(Pattern, Name(nameof(Pattern)));
        OptionChecks.AboveUpTo(SeedDensity, 0, 1, Name(nameof(SeedDensity)));
        OptionChecks.InRange(GrowthRounds, 0, 1000, Name(nameof(GrowthRounds)));
        OptionChecks.AboveUpTo(GrowthRatio, 0, 1, Name(nameof(GrowthRatio)));
        OptionChecks.InRange(GrowthEpochs, 1, 1000, Name(nameof(GrowthEpochs)));
        OptionChecks.InRange(GrowthBatches, 1, 1_000_000, Name(nameof(GrowthBatches)));
        OptionChecks.Defined(GrowthCriterion, Name(nameof(GrowthCriterion)));
        OptionChecks.InRange(ShiftEpochs, 1, 1000, Name(nameof(ShiftEpochs)));
        OptionChecks.AboveUpTo(PruningRatio, 0, 0.999, Name(nameof(PruningRatio)));
        OptionChecks.InRange(PruningRounds, 0, 1000, Name(nameof(PruningRounds)));
        OptionChecks.InRange(RecoveryEpochs, 1, 1000, Name(nameof(RecoveryEpochs)));
        if (FinalRecoveryEpochs is { } epochs)
            OptionChecks.InRange(epochs, 1, 1000, Name(nameof(FinalRecoveryEpochs)));
        OptionChecks.InRange(Distillation, 0, 1, Name(nameof(Distillation)));
        OptionChecks.InRange(AllowedLoss, 0, 1, Name(nameof(AllowedLoss)));
        OptionChecks.InRange(InterimLoss, 0, 1, Name(nameof(InterimLoss)));
        OptionChecks.AboveUpTo(TargetDensity, 0, 1, Name(nameof(TargetDensity)));
        if (EmbeddingTargetDensity is { } density)
            OptionChecks.AboveUpTo(density, 0, 1, Name(nameof(EmbeddingTargetDensity)));
    }

    private static string Name(string option) => "GrowAndPrune." + option;
}
