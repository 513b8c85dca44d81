using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML.HLstm.Experiments;

namespace Microsoft.ML.HLstm.Benchmarks.Tuners;

/// <summary>
/// Records the trials that tuners are compared on: every point of a grid, trained, evaluated and measured, on some of the
/// sentences that come with the project. A recording that was broken off goes on.
/// </summary>
internal static partial class TunerRecording
{
    private const int CommonWords = 200, ValidationPairs = 150, Seed = 1;

    /// <summary>The space that is recorded whole. What comes last changes slowest, so that a recording in parts has whole grids.</summary>
    public static SearchSpace Space() => new()
    {
        [nameof(SequenceTrainerOptions.LearningRate)] = new ChoiceOption(0.003, 0.01, 0.03),
        [SearchSpace.Algorithm] = new ChoiceOption(SearchSpace.HLstm, SearchSpace.Lstm),
        ["GrowAndPrune.TargetDensity"] = new ChoiceOption(0.1, 0.25, 1.0),
        [nameof(SequenceTrainerOptions.StateSize)] = new ChoiceOption(16, 32, 48, 64),
        [nameof(SequenceTrainerOptions.Dropout)] = new ChoiceOption(0.0, 0.2),
    };

    public static void Run(string data, string output)
    {
        var mlContext = new MLContext(Seed);
        List<Row> rows = Read(data);
        int held = rows.Count - ValidationPairs;
        IDataView train = mlContext.Data.LoadFromEnumerable(rows.Take(held)), validation = mlContext.Data.LoadFromEnumerable(rows.Skip(held));
        var settings = new SequenceExperimentSettings<TranslationOptions> { Options = Options(), SearchSpace = Space(), MaxTrials = 1 };
        ExperimentTask<TranslationOptions> task = ExperimentTasks.Translation(mlContext);
        using var runner = new InProcessTrialRunner<TranslationOptions>(mlContext, task, settings, train, validation);
        var meter = new LatencyMeter(mlContext, validation);
        string folder = Directory.CreateDirectory(Path.ChangeExtension(output, null) + "-models").FullName;
        List<ParameterSet> points = [new ParameterSet([])];
        foreach ((string name, OptionBase option) in Space().Reverse())
            points = [.. points.SelectMany(point => option.Grid(0).Select(value => new ParameterSet([KeyValuePair.Create(name, value), .. point.Values])))];
        int done = File.Exists(output) ? File.ReadLines(output).Count() - 1 : 0;
        if (done <= 0)
            File.WriteAllText(output, RecordedTrials.Header + "\n");
        string first = Path.Combine(folder, "1.zip");
        if (done > 0)
            meter.SetReference(mlContext.Model.Load(first, out _), double.Parse(File.ReadLines(output).ElementAt(1).Split(',')[7], CultureInfo.InvariantCulture));
        for (int trial = done + 1; trial <= points.Count; trial++)
        {
            string zip = Path.Combine(folder, $"{trial}.zip");
            string line = string.Join(",", RecordedTrials.Columns.Select(name => points[trial - 1].Get<string>(name)));
            try
            {
                TrialResult result = runner.RunAsync(new TrialSettings { TrialId = trial, Parameter = points[trial - 1], Seed = TrialRandom.SeedOf(Seed, trial), ModelPath = zip }, default).GetAwaiter().GetResult();
                ITransformer model = mlContext.Model.Load(zip, out _);
                line += string.Create(CultureInfo.InvariantCulture, $",{result.Metric:R},{task.ParametersOf(model)},{meter.Measure(model, default):R},{new FileInfo(zip).Length},{result.DurationInMilliseconds / 1000:F1},");
            }
            catch (InvalidOperationException failure)
            {
                line += $",,,,,,{failure.Message.Replace(',', ';').ReplaceLineEndings(" ")}";
            }

            File.AppendAllText(output, line + "\n");
            Console.WriteLine(line);
        }
    }

    private static TranslationOptions Options() => new()
    {
        LabelColumnName = nameof(Row.English),
        FeatureColumnName = nameof(Row.German),
        EmbeddingSize = 32,
        Subwords = false,
        FrequencyCutoff = 1,
        Epochs = 10,
        BatchSize = 32,
        Dropout = 0.3f,
        LabelSmoothing = 0,
        ConsistencyWeight = 0,
        LearningRateSchedule = LearningRateSchedule.Plateau,
        WarmupSteps = 0,
        WeightAveraging = 0.98,
        MaximumLength = 20,
        Threads = 1,
        Decoding = new DecodingOptions { BeamWidth = 2, MaximumLength = 20 },
        GrowAndPrune = GrowAndPruneSchedule.Compact with
        {
            SeedDensity = 1,
            GrowthRounds = 0,
            PruningRatio = 0.7,
            PruningRounds = 2,
            RecoveryEpochs = 1,
            FinalRecoveryEpochs = 2,
            AllowedLoss = 1,
            EmbeddingTargetDensity = null,
        },
    };

    /// <summary>
    /// The pairs of common words alone: a small network learns something of them in seconds. The last ones, to validate on,
    /// share no English sentence with the others.
    /// </summary>
    private static List<Row> Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        Row[] all = [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).Select(line => new Row { English = line[0], German = line[1] })];
        HashSet<string> english = Common(all.Select(row => row.English)), german = Common(all.Select(row => row.German));
        IGrouping<string, Row>[] sentences = [.. all.Where(row => Words(row.English).All(english.Contains) && Words(row.German).All(german.Contains)).GroupBy(row => row.English)];
        new Random(Seed).Shuffle(sentences);
        return [.. sentences.SelectMany(sentence => sentence)];
    }

    private static HashSet<string> Common(IEnumerable<string> sentences) =>
        [.. sentences.SelectMany(Words).CountBy(word => word).OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(CommonWords).Select(entry => entry.Key)];

    private static IEnumerable<string> Words(string sentence) => Word().Matches(sentence).Select(match => match.Value);

    [GeneratedRegex(@"[\w'’]+|[^\w\s]")]
    private static partial Regex Word();

    private sealed class Row
    {
        public string English { get; set; } = "";

        public string German { get; set; } = "";
    }
}
