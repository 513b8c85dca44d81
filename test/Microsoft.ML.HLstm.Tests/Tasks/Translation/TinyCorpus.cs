namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>A language of a few words whose translation is word by word, so that a tiny network learns it in seconds.</summary>
internal static class TinyCorpus
{
    private static readonly string[] _subjects = ["ich", "du", "er", "wir", "ihr"];
    private static readonly string[] _verbs = ["sehe", "kaufe", "male", "suche"];
    private static readonly string[] _objects = ["hund", "haus", "baum", "auto", "buch"];
    private static readonly Dictionary<string, string> _english = new()
    {
        ["ich"] = "i",
        ["du"] = "you",
        ["er"] = "he",
        ["wir"] = "we",
        ["ihr"] = "they",
        ["sehe"] = "see",
        ["kaufe"] = "buy",
        ["male"] = "paint",
        ["suche"] = "seek",
        ["hund"] = "dog",
        ["haus"] = "house",
        ["baum"] = "tree",
        ["auto"] = "car",
        ["buch"] = "book",
    };

    /// <summary>All sentences, in a fixed order.</summary>
    public static IReadOnlyList<SentenceRow> Rows { get; } =
        [.. from s in _subjects from v in _verbs from o in _objects select Row($"{s} {v} ein {o} .")];

    /// <summary>Options for a network that learns the language in seconds.</summary>
    public static TranslationOptions Options(int epochs = 12) => new()
    {
        LabelColumnName = nameof(SentenceRow.English),
        FeatureColumnName = nameof(SentenceRow.German),
        StateSize = 24,
        GateHiddenSize = 24,
        EmbeddingSize = 16,
        Epochs = epochs,
        BatchSize = 10,
        LearningRate = 0.02,
        LearningRateSchedule = LearningRateSchedule.Plateau,
        WarmupSteps = 0,
        ConsistencyWeight = 0,
        Dropout = 0,
        GateDropout = 0,
        LabelSmoothing = 0,
        WeightAveraging = 0.9,
        Subwords = false,
        FrequencyCutoff = 1,
        ValidationFraction = 0.2,
        Seed = 1,
        Threads = 1,
        EarlyStoppingPatience = 100,
        PlateauPatience = 100,
        Decoding = new DecodingOptions { BeamWidth = 2, MaximumLength = 12 },
    };

    /// <summary>The rows as ML.NET data.</summary>
    public static IDataView Load(MLContext mlContext, IEnumerable<SentenceRow>? rows = null) => mlContext.Data.LoadFromEnumerable(rows ?? Rows);

    private static SentenceRow Row(string german) => new()
    {
        German = german,
        English = string.Join(' ', german.Split(' ').Select(word => word == "ein" ? "a" : _english.GetValueOrDefault(word, word))),
    };
}
