namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

/// <summary>Pictures of a coloured animal that does something: features that say which, and a caption, learned in seconds.</summary>
internal static class TinyPictures
{
    /// <summary>Three colours, four animals, two verbs.</summary>
    public const int FeatureSize = 9;

    private static readonly string[] _colours = ["black", "white", "brown"], _animals = ["dog", "cat", "bird", "horse"], _verbs = ["runs", "sleeps in the grass"];
    private static readonly string[] _things = ["dog", "ball", "tree", "car", "house"];

    /// <summary>All pictures, in a fixed order.</summary>
    public static IReadOnlyList<PictureRow> Rows { get; } =
        [.. from c in Enumerable.Range(0, 3) from a in Enumerable.Range(0, 4) from v in Enumerable.Range(0, 2) select new PictureRow { Features = Features(c, a, v), Caption = $"A {_colours[c]} {_animals[a]} {_verbs[v]}." }];

    /// <summary>The captions as the network writes them.</summary>
    public static IReadOnlyList<string> Captions { get; } = [.. Rows.Select(row => row.Caption.TrimEnd('.').ToLowerInvariant())];

    /// <summary>Each picture in two rows with a caption each.</summary>
    public static IReadOnlyList<PictureRow> Repeated { get; } =
        [.. Rows.SelectMany(row => (PictureRow[])[row, new PictureRow { Features = [.. row.Features], Caption = row.Caption.Replace("A ", "One ", StringComparison.Ordinal) }])];

    /// <summary>The same as <see cref="Repeated"/>, a row for each picture.</summary>
    public static IReadOnlyList<PicturesRow> Vectors { get; } =
        [.. Repeated.Chunk(2).Select(pair => new PicturesRow { Features = pair[0].Features, Caption = [.. pair.Select(row => row.Caption)] })];

    /// <summary>Three things beside each other, all of the same mean: only where they are tells the captions apart.</summary>
    public static IReadOnlyList<GridRow> Grids { get; } =
        [.. from a in Enumerable.Range(0, 5) from b in Enumerable.Range(0, 5) from c in Enumerable.Range(0, 5) where a != b && b != c && a != c select new GridRow { Features = Grid(a, b, c), Caption = $"{_things[a]} {_things[b]} {_things[c]}" }];

    /// <summary>Options for a network that learns the captions in seconds.</summary>
    public static ImageCaptioningOptions Options(int epochs = 50) => new()
    {
        LabelColumnName = nameof(PictureRow.Caption),
        FeatureColumnName = nameof(PictureRow.Features),
        StateSize = 24,
        EmbeddingSize = 24,
        Epochs = epochs,
        BatchSize = 6,
        LearningRate = 0.01,
        LearningRateSchedule = LearningRateSchedule.Plateau,
        WarmupSteps = 0,
        Dropout = 0,
        LabelSmoothing = 0,
        WeightAveraging = 0.9,
        FrequencyCutoff = 1,
        ValidationFraction = 0.2,
        Seed = 1,
        Threads = 1,
        EarlyStoppingPatience = 100,
        PlateauPatience = 100,
        Decoding = new DecodingOptions { BeamWidth = 2, MaximumLength = 10 },
    };

    /// <summary>Rows as ML.NET data.</summary>
    public static IDataView Load(MLContext mlContext, IEnumerable<PictureRow>? rows = null) => mlContext.Data.LoadFromEnumerable(rows ?? Rows);

    /// <summary>The captions of some data.</summary>
    public static CaptionRow[] Caption(ITransformer model, IDataView data) =>
        [.. new MLContext().Data.CreateEnumerable<CaptionRow>(model.Transform(data), false, ignoreMissingColumns: true)];

    private static float[] Features(int colour, int animal, int verb)
    {
        var random = new Random(100 * colour + 10 * animal + verb);
        float[] features = [.. Enumerable.Range(0, FeatureSize).Select(_ => 0.1f * random.NextSingle())];
        features[colour]++;
        features[3 + animal]++;
        features[7 + verb]++;
        return features;
    }

    /// <summary>One thing a region; the region itself shifts the features.</summary>
    private static float[] Grid(params int[] things)
    {
        float[] features = new float[15];
        for (int region = 0; region < 3; region++)
        {
            features.AsSpan(region * 5, 5).Fill(0.5f * (region - 1));
            features[region * 5 + things[region]] += 2;
        }

        return features;
    }
}
