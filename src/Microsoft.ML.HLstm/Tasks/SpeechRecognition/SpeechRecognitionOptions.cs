namespace Microsoft.ML.HLstm;

/// <summary>
/// What the speech recognition trainers can be told: convolutions, bidirectional recurrent layers and connectionist temporal
/// classification, in the manner of DeepSpeech 2 (D. Amodei et al., arXiv 1512.02595).
/// </summary>
public sealed class SpeechRecognitionOptions : SequenceTrainerOptions
{
    /// <summary>Options with the defaults of this task, where they differ from those of others.</summary>
    public SpeechRecognitionOptions()
    {
        (BatchSize, Dropout, LabelSmoothing) = (16, 0.15f, 0);
        (LearningRate, LearningRateSchedule, WarmupSteps, SortedFirstEpoch, ConsistencyWeight) = (3e-3, LearningRateSchedule.Cosine, 300, true, 0.2);
    }

    /// <summary>The convolutions, from the frames on; 1 to 8. By default a step is three frames: 30 ms where a frame is 10.</summary>
    public IReadOnlyList<ConvolutionShape> Convolutions { get; set; } = [new(16, 11, 11, 3, 2), new(16, 11, 7, 1, 2)];

    /// <summary>Stacked recurrent layers, from 1 to 16.</summary>
    public int Layers { get; set; } = 3;

    /// <summary>True when each layer reads in both directions.</summary>
    public bool Bidirectional { get; set; } = true;

    /// <summary>True when the two directions are summed, false when they are put behind each other.</summary>
    public bool SumDirections { get; set; } = true;

    /// <summary>True when transcripts are lower-cased first.</summary>
    public bool LowerCase { get; set; }

    /// <summary>
    /// Stretches of time (SpecAugment, D. Park et al., arXiv 1904.08779) that are masked in each utterance of a batch, from 0 to 64.
    /// </summary>
    public int TimeMasks { get; set; } = 4;

    /// <summary>The longest stretch of time that is masked, as a share of the utterance; at least 0 and below 1.</summary>
    public double TimeMaskShare { get; set; } = 0.1;

    /// <summary>Bands of frequency that are masked in each utterance of a batch, from 0 to 64.</summary>
    public int FrequencyMasks { get; set; } = 2;

    /// <summary>The widest band that is masked, as a share of all; at least 0 and below 1.</summary>
    public double FrequencyMaskShare { get; set; } = 0.2;

    /// <summary>Standard deviation of noise added to each number of a frame, from 0 to 10.</summary>
    public double Noise { get; set; }

    /// <summary>
    /// How much faster or slower an utterance may be made, as a share of its length, drawn anew each time; at least 0 and at
    /// most 0.5. Frames are interpolated in time, so pitch stays.
    /// </summary>
    public double SpeedChange { get; set; } = 0.15;

    /// <summary>
    /// The probability that a word of an utterance of a batch is replaced by a recording of any word from another utterance (T. K. Lam et al., arXiv
    /// 2104.01393); at least 0 and below 1. Rare words are then heard as often as frequent ones, and beside any others. Where words begin and end
    /// is found by the initial model, or, without one, by the network itself once a third of <see cref="SequenceTrainerOptions.Epochs"/> is over and at least
    /// half of the held-out words are right.
    /// </summary>
    public double WordReplacement { get; set; } = 0.25;

    /// <summary>
    /// The share of maximum mutual information in the loss, from 0 to 1: besides making the transcript probable, the network learns to make
    /// everything else improbable that a language model of the training transcripts' characters allows (H. Xiang, Z. Ou, CRF-based single-stage
    /// acoustic modeling with CTC topology, ICASSP 2019). 0 is the loss of connectionist temporal classification alone.
    /// </summary>
    public double MutualInformationWeight { get; set; }

    /// <summary>
    /// Trained recognisers whose probabilities, averaged step by step, the network learns from beside the transcripts (G. Hinton, O. Vinyals, J. Dean,
    /// arXiv 1503.02531), from the first epoch to the last; <see cref="GrowAndPruneSchedule.Distillation"/> then has no effect. They hear every
    /// recording as it was changed (<see cref="SpeedChange"/>, <see cref="Noise"/>, <see cref="WordReplacement"/>), with nothing masked. Their sizes may
    /// differ from the network's; frames, alphabet and the product of the convolutions' strides in time must be the same. Each of them makes a batch take about a third longer.
    /// </summary>
    public IReadOnlyList<SpeechRecognitionTransformer> Teachers { get; set; } = [];

    /// <summary>The share of what is learned that <see cref="Teachers"/> decide; the transcripts decide the rest. Above 0 and at most 1.</summary>
    public double TeacherShare { get; set; } = 0.5;

    /// <summary>Output column: the best transcript.</summary>
    public string PredictedColumnName { get; set; } = SpeechRecognitionTransformer.PredictedColumnName;

    /// <summary>Output column: the best transcript's log-probability.</summary>
    public string ScoreColumnName { get; set; } = "Score";

    /// <summary>Output column: the transcripts found, best first.</summary>
    public string AlternativesColumnName { get; set; } = "Alternatives";

    /// <summary>Output column: their log-probabilities.</summary>
    public string AlternativeScoresColumnName { get; set; } = "AlternativeScores";

    /// <summary>
    /// Output column: start and end of each word of the best transcript, one after the other, in seconds; null leaves it out.
    /// It needs frames that <c>ComputeSpectrogram</c> made, which know their distance in time.
    /// </summary>
    public string? WordTimesColumnName { get; set; }

    /// <summary>
    /// The order of the language model that is estimated from the training transcripts and saved with the model, from 1 to 6
    /// (0 for none). <see cref="CtcDecodingOptions.LanguageModelWeight"/> says how much it counts.
    /// </summary>
    public int LanguageModelOrder { get; set; }

    /// <summary>
    /// Classes that the estimated language model puts words into, from 1 to 1,000; 0, the default, for none. Half of a probability is then that of the word's
    /// class after the classes before it, which helps where transcripts are few: 16 for some hundred words.
    /// </summary>
    public int LanguageModelClasses { get; set; }

    /// <summary>
    /// An ARPA file with the language model to save with the model, instead of one that is estimated; null for none. Letters
    /// have the case of the transcripts.
    /// </summary>
    public string? LanguageModelFile { get; set; }

    /// <summary>
    /// A file of words that may be said beside those of the training transcripts, or null for none: one a line, or a pronouncing dictionary, of which what stands before the first
    /// white space counts, without the number of a further pronunciation as in <c>READ(2)</c>; lines that begin with <c>;;;</c> are comments. UTF-8; letters have the case of the transcripts.
    /// <see cref="CtcDecodingOptions.RestrictToWordList"/> allows them, and a language model of words that is estimated knows them. Words with characters that no transcript has are left out, with a warning.
    /// </summary>
    public string? WordListFile { get; set; }

    /// <summary>What the language model counts: what is estimated, and what the tokens of <see cref="LanguageModelFile"/> are.</summary>
    public LanguageModelUnit LanguageModelUnit { get; set; } = LanguageModelUnit.Word;

    /// <summary>
    /// How transcripts are searched for. Null, the default, is greedy where there is no language model; where there is one, some five hundred
    /// searches are tried once training is done, and the one with the fewest word errors on the validation data is saved with the model. Epochs are compared by
    /// the word accuracy of this search, too; where it is still to be found, by that of the best of sixteen.
    /// </summary>
    public CtcDecodingOptions? Decoding { get; set; }

    internal override (int Epochs, int Steps) LeastTraining => (46, 5000);

    internal override IReadOnlyDictionary<string, string?> Files =>
        new SortedDictionary<string, string?>(StringComparer.Ordinal) { [nameof(LanguageModelFile)] = LanguageModelFile, [nameof(WordListFile)] = WordListFile };

    internal override void Validate()
    {
        base.Validate();
        if (LabelSmoothing != 0)
            throw OptionChecks.OutOfRange(nameof(LabelSmoothing), LabelSmoothing, "0, because this loss is over alignments");
        OptionChecks.NotEmpty(PredictedColumnName, nameof(PredictedColumnName));
        OptionChecks.NotEmpty(ScoreColumnName, nameof(ScoreColumnName));
        OptionChecks.NotEmpty(AlternativesColumnName, nameof(AlternativesColumnName));
        OptionChecks.NotEmpty(AlternativeScoresColumnName, nameof(AlternativeScoresColumnName));
        if (WordTimesColumnName is not null)
            OptionChecks.NotEmpty(WordTimesColumnName, nameof(WordTimesColumnName));
        OptionChecks.NotNull(Convolutions, nameof(Convolutions));
        OptionChecks.InRange(Convolutions.Count, 1, 8, $"{nameof(Convolutions)}.{nameof(Convolutions.Count)}");
        for (int layer = 0; layer < Convolutions.Count; layer++)
            Convolutions[layer].Validate($"{nameof(Convolutions)}[{layer}]");
        OptionChecks.InRange(Layers, 1, 16, nameof(Layers));
        OptionChecks.InRange(TimeMasks, 0, 64, nameof(TimeMasks));
        OptionChecks.Probability(TimeMaskShare, nameof(TimeMaskShare));
        OptionChecks.InRange(FrequencyMasks, 0, 64, nameof(FrequencyMasks));
        OptionChecks.Probability(FrequencyMaskShare, nameof(FrequencyMaskShare));
        OptionChecks.InRange(Noise, 0, 10, nameof(Noise));
        OptionChecks.InRange(SpeedChange, 0, 0.5, nameof(SpeedChange));
        OptionChecks.Probability(WordReplacement, nameof(WordReplacement));
        OptionChecks.InRange(MutualInformationWeight, 0, 1, nameof(MutualInformationWeight));
        OptionChecks.NoneNull(Teachers, nameof(Teachers));
        OptionChecks.AboveUpTo(TeacherShare, 0, 1, nameof(TeacherShare));
        OptionChecks.InRange(LanguageModelOrder, 0, 6, nameof(LanguageModelOrder));
        OptionChecks.Defined(LanguageModelUnit, nameof(LanguageModelUnit));
        OptionChecks.InRange(LanguageModelClasses, 0, NGramLanguageModel.MaximumClasses, nameof(LanguageModelClasses));
        if (LanguageModelClasses > 0 && LanguageModelOrder == 0)
            throw new ArgumentException($"The option {nameof(LanguageModelClasses)} is {LanguageModelClasses}, and {nameof(LanguageModelOrder)} is 0; only a language model that is estimated has classes, with an order of 1 to 6.", nameof(LanguageModelClasses));
        if (LanguageModelFile is { } file && !File.Exists(file))
            throw new ArgumentException($"The option {nameof(LanguageModelFile)} is '{file}', and there is no such file.", nameof(LanguageModelFile));
        if (WordListFile is { } list && !File.Exists(list))
            throw new ArgumentException($"The option {nameof(WordListFile)} is '{list}', and there is no such file.", nameof(WordListFile));
        if (LanguageModelFile is not null && LanguageModelOrder > 0)
            throw new ArgumentException($"The options {nameof(LanguageModelFile)} ('{LanguageModelFile}') and {nameof(LanguageModelOrder)} ({LanguageModelOrder}) are both set; one language model is allowed.", nameof(LanguageModelOrder));
        Decoding?.Validate();
    }
}
