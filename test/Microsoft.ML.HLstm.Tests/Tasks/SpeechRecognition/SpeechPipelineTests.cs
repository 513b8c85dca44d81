using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.Featurizers.Audio;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>From recordings of AN4 to transcripts inside ML.NET's pipelines, files and engines.</summary>
[TestClass]
public sealed class SpeechPipelineTests
{
    private sealed record Recording(string Audio, string Transcript);

    private sealed class FileRow
    {
        public string Audio { get; set; } = "";
    }

    private sealed class SamplesRow
    {
        public float[] Audio { get; set; } = [];
    }

    private static readonly Dictionary<string, string> _transcripts = File.ReadLines(Path.Combine(An4.Folder, "an4.transcription"))
        .ToDictionary(line => line[(line.IndexOf('(', StringComparison.Ordinal) + 1)..^1] + ".sph", line => line.Split("</s>")[0]["<s> ".Length..]);

    private static readonly Lazy<(TransformerChain<SpeechRecognitionTransformer> Model, byte[] Zip)> _trained = new(() =>
    {
        var mlContext = new MLContext(1);
        IDataView data = Recordings(mlContext);
        var features = mlContext.Transforms.LoadAudio("Waveform", "Audio")
            .Append(mlContext.Transforms.ComputeSpectrogram("Frames", "Waveform", new SpectrogramOptions { Features = SpectrogramFeatures.LogMel, MelBands = 20 }));
        var model = features.Append(mlContext.SpeechRecognition.Trainers.HLstm(new SpeechRecognitionOptions
        {
            LabelColumnName = "Transcript",
            FeatureColumnName = "Frames",
            ValidationSet = features.Fit(data).Transform(data),
            Convolutions = [new(8, 5, 5, 2, 2), new(8, 5, 5, 2, 2)],
            Layers = 1,
            StateSize = 24,
            Epochs = 10,
            BatchSize = 2,
            LearningRate = 0.01,
            WarmupSteps = 0,
            Dropout = 0,
            WeightAveraging = 0,
            TimeMasks = 1,
            FrequencyMasks = 1,
            Noise = 0.05,
            SpeedChange = 0.1,
            Seed = 1,
            Threads = 1,
            LanguageModelOrder = 2,
            Decoding = new CtcDecodingOptions { BeamWidth = 8 },
        })).Fit(data);
        using var zip = new MemoryStream();
        mlContext.Model.Save(model, data.Schema, zip);
        return (model, zip.ToArray());
    });

    [TestMethod]
    public void The_loss_falls_on_real_recordings()
    {
        IReadOnlyList<TrainingHistoryEntry> epochs = _trained.Value.Model.LastTransformer.History.Epochs;
        Assert.IsLessThan(0.8 * epochs[0].Loss, epochs[^1].Loss);
    }

    [TestMethod]
    public void The_saved_zip_takes_paths_and_samples_and_scores_the_same()
    {
        var mlContext = new MLContext();
        ITransformer loaded = mlContext.Model.Load(new MemoryStream(_trained.Value.Zip), out _);
        TranscriptRow[] expected = [.. mlContext.Data.CreateEnumerable<TranscriptRow>(_trained.Value.Model.Transform(Recordings(mlContext)), false)];
        using var files = mlContext.Model.CreatePredictionEngine<FileRow, TranscriptRow>(loaded);
        using var samples = mlContext.Model.CreatePredictionEngine<SamplesRow, TranscriptRow>(loaded);
        for (int i = 0; i < expected.Length; i++)
        {
            TranscriptRow file = files.Predict(new FileRow { Audio = PathOf(An4.Names[i]) });
            TranscriptRow row = samples.Predict(new SamplesRow { Audio = An4.Samples(An4.Names[i]) });
            Assert.AreEqual(expected[i].PredictedTranscript, file.PredictedTranscript);
            Assert.AreEqual(expected[i].Score, file.Score, 1e-3 * (1 + Math.Abs(expected[i].Score)));
            Assert.AreEqual(file.Score, row.Score);
            Assert.IsLessThan(0, row.Score);
        }
    }

    [TestMethod]
    public void Evaluate_finds_the_label_that_was_trained_on()
    {
        var mlContext = new MLContext();
        SpeechRecognitionMetrics metrics = mlContext.SpeechRecognition.Evaluate(_trained.Value.Model.Transform(Recordings(mlContext)));
        Assert.AreEqual(6, metrics.Utterances);
        Assert.AreEqual(20, metrics.Words.ReferenceLength);
    }

    [TestMethod]
    public void A_fresh_process_without_libtorch_loads_the_zip_and_recognises()
    {
        using var folder = new FolderWithoutLibtorch();
        string zip = Path.Combine(folder.Path, "speech.zip");
        File.WriteAllBytes(zip, _trained.Value.Zip);
        string[] arguments = [zip, .. An4.Names.Select(PathOf)];

        Assert.AreEqual(Recognise(arguments), FreshProcess.RunIn(folder.Path, Recognise, arguments));
    }

    private static string Recognise(string[] arguments)
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(arguments[0], out _);
        using var engine = mlContext.Model.CreatePredictionEngine<FileRow, TranscriptRow>(model);
        return string.Join('\n', arguments[1..].Select(path => engine.Predict(new FileRow { Audio = path }))
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.PredictedTranscript}|{row.Score:F3}")));
    }

    private static string PathOf(string name) => Path.Combine(An4.Folder, name);

    private static IDataView Recordings(MLContext mlContext) =>
        mlContext.Data.LoadFromEnumerable(An4.Names.Select(name => new Recording(PathOf(name), _transcripts[name])));
}
