using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>
/// A language of a few words whose letters are tones: each lifts one number of its frames, so that a tiny network learns it in
/// seconds.
/// </summary>
internal static class TinySpeech
{
    public const int FrameWidth = 6, FramesOfLetter = 6;

    private static readonly string[] _words = ["ab", "cad", "bad", "da", "dac"];
    private static readonly Dictionary<char, int> _tones = new() { ['a'] = 0, ['b'] = 1, ['c'] = 2, ['d'] = 3, [' '] = 4 };

    /// <summary>Sentences of one to three words, in a fixed order.</summary>
    public static IReadOnlyList<SpokenRow> Rows { get; } = MakeRows();

    /// <summary>Options for a network that learns the language in seconds.</summary>
    public static SpeechRecognitionOptions Options(int epochs = 12) => new()
    {
        LabelColumnName = nameof(SpokenRow.Transcript),
        FeatureColumnName = nameof(SpokenRow.Frames),
        Convolutions = [new(4, 3, 3, 2, 1)],
        Layers = 1,
        StateSize = 16,
        Epochs = epochs,
        BatchSize = 8,
        LearningRate = 0.02,
        WarmupSteps = 0,
        TimeMasks = 0,
        FrequencyMasks = 0,
        SpeedChange = 0,
        WordReplacement = 0,
        Dropout = 0,
        ConsistencyWeight = 0,
        WeightAveraging = 0.8,
        ValidationFraction = 0.2,
        Seed = 1,
        Threads = 1,
    };

    /// <summary>The rows as ML.NET data, with the annotations that frames need.</summary>
    public static IDataView Load(MLContext mlContext, IEnumerable<SpokenRow>? rows = null, int? width = FrameWidth, int? hop = 160, int rate = 16_000)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SpokenRow));
        SchemaDefinition.Column frames = schema[nameof(SpokenRow.Frames)];
        if (width is { } numbers)
            frames.AddAnnotation(SpectrogramTransformer.FrameWidthAnnotation, numbers, NumberDataViewType.Int32);
        if (hop is { } samples)
        {
            frames.AddAnnotation(SpectrogramTransformer.FrameHopAnnotation, samples, NumberDataViewType.Int32);
            frames.AddAnnotation(AudioLoadingTransformer.SampleRateAnnotation, rate, NumberDataViewType.Int32);
        }

        return mlContext.Data.LoadFromEnumerable(rows ?? Rows, schema);
    }

    /// <summary>Says a sentence, with noise.</summary>
    public static SpokenRow Say(string sentence, int seed)
    {
        var random = new Random(seed);
        var frames = new float[sentence.Length * FramesOfLetter * FrameWidth];
        for (int i = 0; i < frames.Length; i++)
        {
            int frame = i / FrameWidth, letter = frame / FramesOfLetter;
            // The last two frames of a letter are silent, so that equal letters can be told apart.
            bool sounds = frame % FramesOfLetter < FramesOfLetter - 2 && i % FrameWidth == _tones[sentence[letter]];
            frames[i] = (sounds ? 2 : 0) + (0.2f * (random.NextSingle() - 0.5f));
        }

        return new SpokenRow { Frames = frames, Transcript = sentence };
    }

    private static SpokenRow[] MakeRows()
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, 60).Select(i => Say(string.Join(' ', Enumerable.Range(0, 1 + (i % 3)).Select(_ => _words[random.Next(_words.Length)])), i))];
    }
}
