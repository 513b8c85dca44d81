using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Loading audio inside ML.NET's pipelines.</summary>
[TestClass]
public sealed class LoadAudioTests
{
    private sealed record FileRow(string Audio);

    private sealed record BytesRow(byte[] Audio);

    private sealed record SamplesRow(float[] Audio);

    private sealed record OtherName(string Path);

    private sealed record OtherType(double Audio);

    private sealed record OtherKind(string[] Audio);

    private sealed record OtherItems(double[] Audio);

    private readonly MLContext _ml = new(seed: 1);

    private IDataView Files => _ml.Data.LoadFromEnumerable(An4.Names.Select(name => new FileRow(name)).Append(new FileRow("")));

    private IDataView Bytes => _ml.Data.LoadFromEnumerable(An4.Names.Select(name => new BytesRow(An4.Bytes(name))).Append(new BytesRow([])));

    private IDataView Samples => _ml.Data.LoadFromEnumerable(An4.Names.Select(name => new SamplesRow(An4.Samples(name))).Append(new SamplesRow([])));

    [TestMethod]
    public void Estimator_KeepsTheContract_ForPathsBytesAndSamples()
    {
        IDataView[] wrong =
        [
            _ml.Data.LoadFromEnumerable<OtherName>([new("x")]), _ml.Data.LoadFromEnumerable<OtherType>([new(1)]),
            _ml.Data.LoadFromEnumerable<OtherKind>([new(["x"])]), _ml.Data.LoadFromEnumerable<OtherItems>([new([1])]),
        ];
        AudioLoadingEstimator estimator = _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder, 11_025, 16_000);

        EstimatorContract.Check(_ml, estimator, Files, wrong);
        EstimatorContract.Check(_ml, estimator, Bytes, wrong);
        EstimatorContract.Check(_ml, estimator, Samples, wrong);
    }

    [TestMethod]
    public void PathsBytesAndSamples_GiveTheSame()
    {
        AudioLoadingEstimator estimator = _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder);
        foreach (IDataView data in new[] { Files, Bytes, Samples })
        {
            float[][] loaded = Waveforms(estimator, data);

            Assert.HasCount(An4.Names.Length + 1, loaded);
            for (int i = 0; i < An4.Names.Length; i++)
                CollectionAssert.AreEqual(An4.Samples(An4.Names[i]), loaded[i]);
            Assert.IsEmpty(loaded[^1], "A missing value has samples.");
        }
    }

    [TestMethod]
    public void AnotherRate_IsResampled_AndStatedAsAnAnnotation()
    {
        AudioLoadingEstimator estimator = _ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder, sampleRate: 8_000, sourceSampleRate: 16_000);

        float[][] files = Waveforms(estimator, Files), samples = Waveforms(estimator, Samples);

        Assert.HasCount(An4.Samples(An4.Names[0]).Length / 2, files[0]);
        CollectionAssert.AreEqual(files[0], samples[0]);
        int rate = 0;
        estimator.Fit(Files).GetOutputSchema(Files.Schema)["Waveform"].Annotations.GetValue(AudioLoadingTransformer.SampleRateAnnotation, ref rate);
        Assert.AreEqual(8_000, rate);
    }

    [TestMethod]
    public void Container_IsKnownByItsContent()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("hlstm");
        try
        {
            string wave = Path.Combine(folder.FullName, "speech.sph");
            File.WriteAllBytes(wave, AudioFiles.Wave(16_000, 1, 2, 3));

            float[][] loaded = Waveforms(_ml.Transforms.LoadAudio("Waveform", "Audio", "elsewhere"), _ml.Data.LoadFromEnumerable<FileRow>([new(wave)]));

            CollectionAssert.AreEqual(new[] { 1 / 32768f, 2 / 32768f, 3 / 32768f }, loaded[0]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public void Exceptions_NameTheFile()
    {
        AudioFormatException damaged = Assert.Throws<AudioFormatException>(() => First("LICENSE"));
        FileNotFoundException missing = Assert.Throws<FileNotFoundException>(() => First("nothing.wav"));

        StringAssert.Contains(damaged.Message, Path.Combine(An4.Folder, "LICENSE"));
        StringAssert.Contains(damaged.AudioName, "LICENSE");
        StringAssert.Contains(missing.Message, "nothing.wav");
        StringAssert.Contains(Assert.Throws<IOException>(() => First(".")).Message, "cannot be opened: it is a folder");
        StringAssert.Contains(Assert.Throws<AudioFormatException>(
            () => First(_ml.Data.LoadFromEnumerable<BytesRow>([new([1, 2])]))).Message, "a row's bytes");
        StringAssert.Contains(Assert.Throws<AudioFormatException>(
            () => First(_ml.Data.LoadFromEnumerable<SamplesRow>([new([1, float.NegativeInfinity])]))).Message, "a row's samples: sample 1 is -Infinity");
    }

    [TestMethod]
    public void BadOptions_AreNamed()
    {
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadAudio(" ")).Message, "outputColumnName");
        StringAssert.Contains(Assert.Throws<ArgumentException>(() => _ml.Transforms.LoadAudio("a", "")).Message, "inputColumnName");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.LoadAudio("a", sampleRate: 999)).Message, "sampleRate is 999; allowed is from 1000 to 384000");
        StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.LoadAudio("a", sourceSampleRate: 0)).Message, "sourceSampleRate is 0");
    }

    [TestMethod]
    public void SchemaMismatch_NamesEveryTypeThatIsRead()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ml.Transforms.LoadAudio("Audio").Fit(_ml.Data.LoadFromEnumerable<OtherType>([new(1)]))).Message;

        StringAssert.Contains(message, "source column 'Audio': expected String or Vector<Byte> or Vector<Single>, got Double");
    }

    private void First(string name) => First(_ml.Data.LoadFromEnumerable<FileRow>([new(name)]));

    // As a prediction engine does: a cursor of the output would read on threads of its own.
    private void First(IDataView data)
    {
        IRowToRowMapper mapper = ((ITransformer)_ml.Transforms.LoadAudio("Waveform", "Audio", An4.Folder).Fit(data)).GetRowToRowMapper(data.Schema);
        DataViewSchema.Column waveform = mapper.OutputSchema["Waveform"];
        using DataViewRowCursor cursor = data.GetRowCursor(data.Schema);
        using DataViewRow row = mapper.GetRow(cursor, [waveform]);
        cursor.MoveNext();
        VBuffer<float> value = default;
        row.GetGetter<VBuffer<float>>(waveform)(ref value);
    }

    private static float[][] Waveforms(AudioLoadingEstimator estimator, IDataView data) =>
        [.. estimator.Fit(data).Transform(data).GetColumn<float[]>("Waveform")];
}
