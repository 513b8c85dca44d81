namespace Microsoft.ML.HLstm;

/// <summary>What the translation trainers can be told: an encoder-decoder with attention (M.-T. Luong et al., arXiv 1508.04025).</summary>
public sealed class TranslationOptions : SequenceTrainerOptions
{
    /// <summary>Options with the defaults of this task, where they differ from those of others.</summary>
    public TranslationOptions()
    {
        (Dropout, ConsistencyWeight) = (0.2f, 2);
        (LearningRate, LearningRateSchedule, WarmupSteps) = (5e-3, LearningRateSchedule.Cosine, 500);
    }

    /// <summary>Width of the word embeddings, from 1 to 8192.</summary>
    public int EmbeddingSize { get; set; } = 256;

    /// <summary>Stacked recurrent layers of the encoder, from 1 to 16.</summary>
    public int EncoderLayers { get; set; } = 1;

    /// <summary>Stacked recurrent layers of the decoder, from 1 to 16.</summary>
    public int DecoderLayers { get; set; } = 1;

    /// <summary>True when the encoder reads the sentence in both directions.</summary>
    public bool Bidirectional { get; set; } = true;

    /// <summary>True when the attention's result of one step is an input of the next.</summary>
    public bool InputFeeding { get; set; } = true;

    /// <summary>True when the output projection is the target embedding, stored once.</summary>
    public bool TieOutputEmbedding { get; set; } = true;

    /// <summary>True for byte-pair subwords learned from the training data, false for whole words.</summary>
    public bool Subwords { get; set; } = true;

    /// <summary>Entries of each vocabulary at most, from 16 to 1,000,000.</summary>
    public int VocabularySize { get; set; } = 6000;

    /// <summary>Words that occur fewer times are unknown (whole words only), from 1 to 1,000,000.</summary>
    public int FrequencyCutoff { get; set; } = 2;

    /// <summary>True when both languages are lower-cased first.</summary>
    public bool LowerCase { get; set; }

    /// <summary>Longer sentences, in tokens, are cut, with a warning in the log; from 1 to 10,000.</summary>
    public int MaximumLength { get; set; } = 100;

    /// <summary>
    /// Likely translations of each source token, learned from the training data, to which scoring is restricted, with as many of the commonest
    /// target tokens: a lexical shortlist (G. L'Hostis et al., arXiv 1610.00072). The rest of the vocabulary is not scored, which saves most of
    /// the output projection; probabilities are those among the tokens that are. From 0 (the whole vocabulary) to 1,000,000. It can be changed
    /// after training: <see cref="TranslationTransformer.WithShortlist"/>. Training scores the whole vocabulary.
    /// </summary>
    public int ShortlistSize { get; set; } = 30;

    /// <summary>
    /// Trained models whose predictions, averaged, the network learns from beside the labels (G. Hinton, O. Vinyals, J. Dean, arXiv 1503.02531),
    /// from the first epoch to the last; <see cref="GrowAndPruneSchedule.Distillation"/> then has no effect. Their sizes and source vocabularies may
    /// differ from the network's, their target vocabulary must be the same: that of training with the same label column, <see cref="Subwords"/>,
    /// <see cref="LowerCase"/>, <see cref="VocabularySize"/> and <see cref="FrequencyCutoff"/> is. They predict the training data once, at the start.
    /// </summary>
    public IReadOnlyList<TranslationTransformer> Teachers { get; set; } = [];

    /// <summary>The share of what is learned that <see cref="Teachers"/> decide; the labels decide the rest. Above 0 and at most 1.</summary>
    public double TeacherShare { get; set; } = 0.5;

    /// <summary>Output column: the best translation.</summary>
    public string PredictedColumnName { get; set; } = TranslationTransformer.PredictedColumnName;

    /// <summary>Output column: the best translation's log-probability.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Output column: the translations found, best first.</summary>
    public string AlternativesColumnName { get; set; } = "Alternatives";

    /// <summary>Output column: their log-probabilities.</summary>
    public string AlternativeScoresColumnName { get; set; } = "AlternativeScores";

    /// <summary>How translations are searched for.</summary>
    public DecodingOptions Decoding { get; set; } = new();

    internal override (int Epochs, int Steps) LeastTraining => (14, 6000);

    internal override void Validate()
    {
        base.Validate();
        OptionChecks.NotEmpty(PredictedColumnName, nameof(PredictedColumnName));
        OptionChecks.NotEmpty(ScoreColumnName, nameof(ScoreColumnName));
        OptionChecks.NotEmpty(AlternativesColumnName, nameof(AlternativesColumnName));
        OptionChecks.NotEmpty(AlternativeScoresColumnName, nameof(AlternativeScoresColumnName));
        OptionChecks.InRange(EmbeddingSize, 1, 8192, nameof(EmbeddingSize));
        OptionChecks.InRange(EncoderLayers, 1, 16, nameof(EncoderLayers));
        OptionChecks.InRange(DecoderLayers, 1, 16, nameof(DecoderLayers));
        OptionChecks.InRange(VocabularySize, 16, 1_000_000, nameof(VocabularySize));
        OptionChecks.InRange(FrequencyCutoff, 1, 1_000_000, nameof(FrequencyCutoff));
        OptionChecks.InRange(MaximumLength, 1, 10_000, nameof(MaximumLength));
        OptionChecks.InRange(ShortlistSize, 0, 1_000_000, nameof(ShortlistSize));
        OptionChecks.NoneNull(Teachers, nameof(Teachers));
        OptionChecks.AboveUpTo(TeacherShare, 0, 1, nameof(TeacherShare));
        OptionChecks.NotNull(Decoding, nameof(Decoding));
        Decoding.Validate();
    }
}
