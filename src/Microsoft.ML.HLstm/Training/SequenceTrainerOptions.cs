using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm;

/// <summary>What every sequence trainer can be told. Checked when the estimator is made.</summary>
public abstract class SequenceTrainerOptions
{
    private const int MostAutomaticEpochs = 200;

    /// <summary>The column with what the model learns to predict.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column that the model reads.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>Units of a recurrent layer in one direction, from 1 to 8192.</summary>
    public int StateSize { get; set; } = 256;

    /// <summary>Hidden layers inside each gate, from 0 (an ordinary LSTM) to 8. <c>Trainers.Lstm</c> always has 0.</summary>
    public int GateHiddenLayers { get; set; } = 1;

    /// <summary>Units of a gate's hidden layer, from 1 to 8192; null means half of <see cref="StateSize"/>, or as many as an initial model has, if they are more.</summary>
    public int? GateHiddenSize { get; set; }

    /// <summary>
    /// The activation of the gates' hidden layers. <see cref="GateActivation.LeakyRelu"/> becomes
    /// <see cref="GateActivation.Relu"/> at the activation shift of <see cref="GrowAndPrune"/>.
    /// </summary>
    public GateActivation GateActivation { get; set; } = GateActivation.LeakyRelu;

    /// <summary>True when the four gates share their hidden layers; false when each gate has its own.</summary>
    public bool ShareGateHidden { get; set; }

    /// <summary>
    /// Dropout on the gates' hidden outputs while training, the same units for a whole sequence (Y. Gal, Z. Ghahramani,
    /// arXiv 1512.05287); at least 0 and below 1. For long training on little data: it slows the first epochs down.
    /// </summary>
    public float GateDropout { get; set; }

    /// <summary>
    /// Dropout on embeddings and on the outputs of layers while training, at least 0 and below 1; less in networks that have become sparse
    /// (<see cref="GrowAndPruneSchedule.ScaleDropout"/>).
    /// </summary>
    public float Dropout { get; set; } = 0.3f;

    /// <summary>How connections come and go while training.</summary>
    public GrowAndPruneSchedule GrowAndPrune { get; set; } = GrowAndPruneSchedule.None;

    /// <summary>
    /// Epochs of training before pruning starts, or in all without grow-and-prune; from 1 (0 with an initial model) to 100,000. Null means
    /// as many as the data need: 14 for translation, 46 for speech and 10 for captions, and up to 200 where rows are so few that these would make less than 6,000, 5,000 or 4,600 steps; the epochs
    /// of <see cref="GrowAndPrune"/> become as many times more then.
    /// </summary>
    public int? Epochs { get; set; }

    /// <summary>Rows a training step takes together, from 1 to 65,536.</summary>
    public int BatchSize { get; set; } = 64;

    /// <summary>True when the batches of the first epoch come in order of length, the shortest rows first.</summary>
    public bool SortedFirstEpoch { get; set; }

    /// <summary>Adam's learning rate, above 0 and at most 1.</summary>
    public double LearningRate { get; set; } = 1e-3;

    /// <summary>
    /// Steps, from the start of training (and, with a cosine, of the last retraining after pruning), over which the learning rate rises from 0 to what it would be, from 0 (none) to 1,000,000; at most half
    /// the steps of the <see cref="Epochs"/>. Adam's first steps, made from few gradients, are as large as its later ones (J. Ma, D. Yarats, arXiv
    /// 1910.04209), and can close gates that never open again: gates that are networks need a warm-up more than those of an LSTM.
    /// </summary>
    public int WarmupSteps { get; set; }

    /// <summary>How the learning rate falls before pruning, and in the last retraining after it.</summary>
    public LearningRateSchedule LearningRateSchedule { get; set; } = LearningRateSchedule.Plateau;

    /// <summary>The learning rate is multiplied by this on a plateau; above 0 and at most 1.</summary>
    public double LearningRateDecay { get; set; } = 0.5;

    /// <summary>Epochs without a better validation metric before the learning rate falls, from 1 to 100,000.</summary>
    public int PlateauPatience { get; set; } = 1;

    /// <summary>Epochs without a better validation metric before a phase of training ends, from 1 to 100,000.</summary>
    public int EarlyStoppingPatience { get; set; } = 4;

    /// <summary>The norm that the gradient of all parameters together is clipped to, above 0.</summary>
    public double MaximumGradientNorm { get; set; } = 5;

    /// <summary>The share of probability that the loss spreads over all classes, at least 0 and below 1.</summary>
    public double LabelSmoothing { get; set; } = 0.1;

    /// <summary>
    /// The decay, per step, of the moving average of the weights that is validated and returned; at least 0
    /// (the weights themselves) and below 1.
    /// </summary>
    public double WeightAveraging { get; set; } = 0.998;

    /// <summary>
    /// How much it counts, beside the loss itself, that two views of a row are predicted differently: every batch is computed twice, with another draw of
    /// dropout (and, for speech, of masks), and each of the two learns from the other (L. Wu et al., arXiv 2106.14448; Z. Yao et al., arXiv 2410.05101).
    /// From 0 (one view) to 100. A step takes about twice as long.
    /// </summary>
    public double ConsistencyWeight { get; set; }

    /// <summary>Rows to validate on after each epoch; null holds out <see cref="ValidationFraction"/>.</summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>The share of the training rows held out when there is no <see cref="ValidationSet"/>; above 0 and at most 0.5.</summary>
    public double ValidationFraction { get; set; } = 0.05;

    /// <summary>The seed of everything random; null takes it from the <see cref="MLContext"/>.</summary>
    public int? Seed { get; set; }

    /// <summary>
    /// Threads of training and validation, from 1 to 1024. Null trains on one, because products of this size gain little
    /// from more and libtorch's threads collapse on a busy machine, and validates on all processors.
    /// </summary>
    public int? Threads { get; set; }

    /// <summary>
    /// Weights of the trained model, in memory and in its zip: 32, 16 or 8 bits each. Training computes in float32 and rounds
    /// at its end.
    /// </summary>
    public WeightPrecision Precision { get; set; } = WeightPrecision.Single;

    /// <summary>
    /// True when the report of the training run goes into the zip with its model, which then tells its history after loading;
    /// it takes some tens of KiB.
    /// </summary>
    [NotReported]
    public bool SaveReport { get; set; }

    /// <summary>Told about every batch.</summary>
    [NotReported]
    public IProgress<TrainingProgress>? Progress { get; set; }

    /// <summary>Looked at before every batch.</summary>
    [NotReported]
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// True: cancelling returns the best model so far. False, or when no epoch has ended yet: it throws
    /// <see cref="OperationCanceledException"/>.
    /// </summary>
    [NotReported]
    public bool ReturnBestOnCancel { get; set; }

    /// <summary>
    /// A folder to write checkpoints to, made when it is not there; null for none. Training with the same options, data and
    /// initial model and this folder goes on where it was stopped, however that was, and ends with the same weights, bit for
    /// bit; after its end it returns the finished model at once. Everything else in it is refused with a <see cref="CheckpointException"/>.
    /// </summary>
    [NotReported]
    public string? CheckpointFolder { get; set; }

    /// <summary>
    /// A checkpoint is written after every epoch, when training is cancelled, and within an epoch after this time; from 0 (after
    /// every batch) to 7 days.
    /// </summary>
    [NotReported]
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// How many losses or gradients that are not finite a run gets over, from 0 to 1000. Each time the step is undone, its rows
    /// are left out until the next epoch, and the learning rate is halved from there on. One more ends training with the best
    /// model so far, or throws when there is none.
    /// </summary>
    public int NonFiniteRetries { get; set; } = 3;

    /// <summary>The epochs of training that <see cref="Epochs"/> means when it is null, and the optimizer steps that they have at least.</summary>
    internal abstract (int Epochs, int Steps) LeastTraining { get; }

    /// <summary>The options that name a file to read, and the files.</summary>
    internal virtual IReadOnlyDictionary<string, string?> Files { get; } = new Dictionary<string, string?>();

    /// <summary>The epochs of training with so many rows.</summary>
    internal int EpochsWith(int rows)
    {
        if (Epochs is { } epochs)
            return epochs;
        double batches = Math.Max(1, Math.Ceiling((double)rows / BatchSize));
        return Math.Max(LeastTraining.Epochs, (int)Math.Min(MostAutomaticEpochs, Math.Ceiling(LeastTraining.Steps / batches)));
    }

    /// <summary>The schedule with so many rows: where they are so few that there are more epochs than <see cref="LeastTraining"/> has, its epochs are as many times more.</summary>
    internal GrowAndPruneSchedule ScheduleWith(int rows)
    {
        double times = Epochs is null ? (double)EpochsWith(rows) / LeastTraining.Epochs : 1;
        int More(int epochs) => (int)Math.Min(1000, Math.Round(epochs * times));
        return GrowAndPrune with
        {
            GrowthEpochs = More(GrowAndPrune.GrowthEpochs),
            ShiftEpochs = More(GrowAndPrune.ShiftEpochs),
            RecoveryEpochs = More(GrowAndPrune.RecoveryEpochs),
            FinalRecoveryEpochs = GrowAndPrune.FinalRecoveryEpochs is { } epochs ? More(epochs) : null,
        };
    }

    internal SequenceTrainerOptions Copy() => (SequenceTrainerOptions)MemberwiseClone();

    internal virtual void Validate()
    {
        OptionChecks.NotEmpty(LabelColumnName, nameof(LabelColumnName));
        OptionChecks.NotEmpty(FeatureColumnName, nameof(FeatureColumnName));
        OptionChecks.InRange(StateSize, 1, 8192, nameof(StateSize));
        OptionChecks.InRange(GateHiddenLayers, 0, 8, nameof(GateHiddenLayers));
        if (GateHiddenSize is { } width)
            OptionChecks.InRange(width, 1, 8192, nameof(GateHiddenSize));
        OptionChecks.Defined(GateActivation, nameof(GateActivation));
        OptionChecks.Probability(GateDropout, nameof(GateDropout));
        OptionChecks.Probability(Dropout, nameof(Dropout));
        OptionChecks.NotNull(GrowAndPrune, nameof(GrowAndPrune));
        if (Epochs is { } epochs)
            OptionChecks.InRange(epochs, 0, 100_000, nameof(Epochs));
        OptionChecks.InRange(BatchSize, 1, 65_536, nameof(BatchSize));
        OptionChecks.AboveUpTo(LearningRate, 0, 1, nameof(LearningRate));
        OptionChecks.InRange(WarmupSteps, 0, 1_000_000, nameof(WarmupSteps));
        OptionChecks.Defined(LearningRateSchedule, nameof(LearningRateSchedule));
        OptionChecks.AboveUpTo(LearningRateDecay, 0, 1, nameof(LearningRateDecay));
        OptionChecks.InRange(PlateauPatience, 1, 100_000, nameof(PlateauPatience));
        OptionChecks.InRange(EarlyStoppingPatience, 1, 100_000, nameof(EarlyStoppingPatience));
        OptionChecks.AboveUpTo(MaximumGradientNorm, 0, double.MaxValue, nameof(MaximumGradientNorm));
        OptionChecks.Probability(LabelSmoothing, nameof(LabelSmoothing));
        OptionChecks.Probability(WeightAveraging, nameof(WeightAveraging));
        OptionChecks.InRange(ConsistencyWeight, 0, 100, nameof(ConsistencyWeight));
        OptionChecks.AboveUpTo(ValidationFraction, 0, 0.5, nameof(ValidationFraction));
        if (Threads is { } threads)
            OptionChecks.InRange(threads, 1, 1024, nameof(Threads));
        OptionChecks.Defined(Precision, nameof(Precision));
        if (CheckpointFolder is not null && string.IsNullOrWhiteSpace(CheckpointFolder))
            throw new ArgumentException($"The option {nameof(CheckpointFolder)} is '{CheckpointFolder}'; it must name a folder, or be null.", nameof(CheckpointFolder));
        if (CheckpointInterval < TimeSpan.Zero || CheckpointInterval > TimeSpan.FromDays(7))
            throw OptionChecks.OutOfRange(nameof(CheckpointInterval), CheckpointInterval, "from 0 to 7 days");
        OptionChecks.InRange(NonFiniteRetries, 0, 1000, nameof(NonFiniteRetries));
        GrowAndPrune.Validate();
    }
}
