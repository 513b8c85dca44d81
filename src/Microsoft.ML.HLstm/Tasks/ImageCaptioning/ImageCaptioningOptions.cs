namespace Microsoft.ML.HLstm;

/// <summary>
/// What the captioning trainers can be told: the network of A. Karpathy and L. Fei-Fei (arXiv 1412.2306, NeuralTalk), whose
/// first input are the picture's features.
/// </summary>
public sealed class ImageCaptioningOptions : SequenceTrainerOptions
{
    /// <summary>Options with the defaults of this task, where they differ from those of others.</summary>
    public ImageCaptioningOptions()
    {
        (StateSize, Dropout, WeightAveraging) = (512, 0.5f, 0.995);
        (LearningRate, LearningRateSchedule, WarmupSteps) = (2e-3, LearningRateSchedule.Cosine, 500);
    }

    /// <summary>Width of the word embeddings and of the projected features, from 1 to 8192.</summary>
    public int EmbeddingSize { get; set; } = 512;

    /// <summary>Stacked recurrent layers, from 1 to 16.</summary>
    public int Layers { get; set; } = 1;

    /// <summary>
    /// True when every word looks at the regions of the picture with attention and input feeding (M.-T. Luong et al., arXiv
    /// 1508.04025). The features then are a matrix: their column's type has the dimensions [regions, width].
    /// </summary>
    public bool Attention { get; set; }

    /// <summary>
    /// True when the output projection is the embedding, stored once; without <see cref="Attention"/> it needs
    /// <see cref="SequenceTrainerOptions.StateSize"/> equal to <see cref="EmbeddingSize"/>.
    /// </summary>
    public bool TieOutputEmbedding { get; set; }

    /// <summary>Words that occur fewer times in the training captions are unknown, and never predicted; from 1 to 1,000,000.</summary>
    public int FrequencyCutoff { get; set; } = 5;

    /// <summary>True when captions are lower-cased first. Punctuation is dropped in any case.</summary>
    public bool LowerCase { get; set; } = true;

    /// <summary>Longer captions, in words, are cut for training, with a warning in the log; from 1 to 10,000.</summary>
    public int MaximumLength { get; set; } = 50;

    /// <summary>
    /// True: training leaves out rows without a caption and rows whose features are missing or not finite, and says how many in
    /// the log. False: the first such row is an error that names it.
    /// </summary>
    public bool SkipInvalidImages { get; set; }

    /// <summary>Output column: the best caption.</summary>
    public string PredictedColumnName { get; set; } = ImageCaptioningTransformer.PredictedColumnName;

    /// <summary>Output column: the best caption's log-probability.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Output column: the captions found, best first.</summary>
    public string AlternativesColumnName { get; set; } = "Alternatives";

    /// <summary>Output column: their log-probabilities.</summary>
    public string AlternativeScoresColumnName { get; set; } = "AlternativeScores";

    /// <summary>How captions are searched for.</summary>
    public DecodingOptions Decoding { get; set; } = new() { BeamWidth = 3, MaximumLength = 30 };

    internal override (int Epochs, int Steps) LeastTraining => (10, 4600);

    internal override void Validate()
    {
        base.Validate();
        OptionChecks.NotEmpty(PredictedColumnName, nameof(PredictedColumnName));
        OptionChecks.NotEmpty(ScoreColumnName, nameof(ScoreColumnName));
        OptionChecks.NotEmpty(AlternativesColumnName, nameof(AlternativesColumnName));
        OptionChecks.NotEmpty(AlternativeScoresColumnName, nameof(AlternativeScoresColumnName));
        OptionChecks.InRange(EmbeddingSize, 1, 8192, nameof(EmbeddingSize));
        OptionChecks.InRange(Layers, 1, 16, nameof(Layers));
        OptionChecks.InRange(FrequencyCutoff, 1, 1_000_000, nameof(FrequencyCutoff));
        OptionChecks.InRange(MaximumLength, 1, 10_000, nameof(MaximumLength));
        if (TieOutputEmbedding && !Attention && StateSize != EmbeddingSize)
            throw OptionChecks.OutOfRange(nameof(StateSize), StateSize, $"{EmbeddingSize} ({nameof(EmbeddingSize)}) with {nameof(TieOutputEmbedding)} and without {nameof(Attention)}");
        OptionChecks.NotNull(Decoding, nameof(Decoding));
        Decoding.Validate();
    }
}
