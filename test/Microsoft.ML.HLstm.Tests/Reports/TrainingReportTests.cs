using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Training;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tests.Reports;

/// <summary>What a report says is what happened.</summary>
[TestClass]
public sealed class TrainingReportTests
{
    [TestMethod]
    public void Connections_are_those_of_the_history_and_of_the_model()
    {
        TrainingReport report = TrainedReport.Report;
        TrainingHistoryEntry first = report.History.Epochs[0], grown = report.History.Epochs.Last(epoch => epoch.Phase < TrainingPhase.ActivationShift);

        Assert.AreEqual(first.ActiveConnections, report.Matrices.Sum(matrix => matrix.SeededConnections));
        Assert.AreEqual(grown.ActiveConnections, report.Matrices.Sum(matrix => matrix.GrownConnections));
        Assert.AreEqual(report.History.Epochs[^1].ActiveConnections, report.Matrices.Sum(matrix => matrix.ReturnedConnections));
        Assert.AreEqual(first.Connections, report.Matrices.Sum(matrix => (long)matrix.Rows * matrix.Columns));
        // Compaction takes away connections that lead nowhere, and nothing else.
        Assert.IsLessThanOrEqualTo(report.Matrices.Sum(matrix => matrix.ReturnedConnections), report.Statistics.ActiveParameters);
        CollectionAssert.AreEqual(new[] { "i", "f", "g", "o" }, report.Matrices.Where(matrix => matrix.Name.Contains("decoder_0", StringComparison.Ordinal)).Select(matrix => matrix.Gate).Distinct().ToArray());
        Assert.AreEqual(report.History.Epochs.Count, report.Phases.Sum(phase => phase.Epochs));
    }

    [TestMethod]
    public void Units_that_were_removed_are_counted()
    {
        TrainingReport report = TrainedReport.Report;
        int left = TrainedReport.Model.Model.Weights.Cells.Sum(cell => cell.TrunkWidths.Sum());

        Assert.AreEqual(left, report.Compaction.Sum(line => line.UnitsLeft));
        Assert.AreEqual(3 * 4 * 12, report.Compaction.Sum(line => line.Units));
        Assert.IsLessThan(3 * 4 * 12, left);
        CollectionAssert.Contains(report.Compaction.Select(line => line.Cell).ToArray(), "encoder.0.backward");
    }

    [TestMethod]
    public void The_metric_is_that_of_the_model_returned()
    {
        TranslationOptions options = TinyCorpus.Options(3);
        var mlContext = new MLContext(1);

        TrainingReport report = mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext)).Report!;

        Assert.AreEqual(report.History.Epochs.Max(epoch => epoch.Metric), report.Metric);
        Assert.IsEmpty(report.Matrices);
    }

    [TestMethod]
    public void A_picture_shows_the_share_of_active_connections()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.GrowAndPrune = new GrowAndPruneSchedule { SeedDensity = 0.3, PruningRounds = 0 };
        using var tiny = new TinyTraining(options);
        var recorder = new ConnectionRecorder(tiny.Training.Parameters, options);
        TrainedParameter parameter = tiny.Training.Parameters.First(p => p.Name.EndsWith("output_weight", StringComparison.Ordinal) && p.Matrix is not null);
        // Every fourth connection of the third gate, which is a block of 12 x 12, and none of the others.
        int area = parameter.Matrix!.Count / 4;
        for (int i = 0; i < parameter.Matrix.Count; i++)
        {
            if (i / area != 2 || i % 4 != 0)
                parameter.Matrix.Deactivate(i);
        }

        recorder.Seeded();
        recorder.Grown();
        recorder.Returned();
        MatrixSummary[] gates = [.. recorder.Summaries().Where(summary => summary.Name == parameter.Name)];

        CollectionAssert.AreEqual(new long[] { 0, 0, 36, 0 }, gates.Select(gate => gate.GrownConnections).ToArray());
        Assert.AreEqual("g", gates[2].Gate);
        Assert.IsTrue(gates[2].ReturnedPicture.All(row => row == "f000f000f000"));
        Assert.IsTrue(gates[1].ReturnedPicture.All(row => row == "000000000000"));
    }

    [TestMethod]
    public void Large_matrices_are_pictured_by_shares()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        using var tiny = new TinyTraining(options);
        var large = new TrainedParameter("large", new TorchSharp.Modules.Parameter(TorchSharp.torch.zeros(4, 150, 200)), MaskedMatrices.Gates);
        for (int row = 0; row < 150; row++)
            large.Matrix!.Deactivate(row * 200);
        for (int i = 150 * 200; i < large.Matrix!.Count; i++)
            large.Matrix.Deactivate(i);
        var recorder = new ConnectionRecorder([large], options);
        recorder.Seeded();
        recorder.Returned();

        IReadOnlyList<string> picture = recorder.Summaries()[0].ReturnedPicture;

        Assert.HasCount(64, picture);
        Assert.IsTrue(picture.All(row => row.Length == 64 && row[1..] == new string('f', 63)));
        // Of the first 4 columns (200 / 64 rounded up) one is gone.
        Assert.IsTrue(picture.All(row => row[0] == 'b'));
    }

    [TestMethod]
    public void Every_option_is_told_whatever_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = comma;
            Dictionary<string, string> options = OptionList.Of(TrainedReport.Options).ToDictionary(option => option.Name, option => option.Value);

            string[] left = ["SaveReport", "CheckpointFolder", "CheckpointInterval", "Progress", "CancellationToken", "ReturnBestOnCancel"];
            foreach (string name in typeof(TranslationOptions).GetProperties().Select(property => property.Name).Except(left))
                Assert.IsTrue(options.Keys.Any(key => key == name || key.StartsWith(name + ".", StringComparison.Ordinal)), name);
            foreach (string name in left)
                Assert.IsFalse(options.ContainsKey(name));
            Assert.AreEqual("0.5", options["GrowAndPrune.SeedDensity"]);
            Assert.AreEqual("0.0123456789012345", options["LearningRate"]);
            Assert.AreEqual("All", options["GrowAndPrune.Matrices"]);
            Assert.AreEqual("default", options["GateHiddenSize"]);
            Assert.AreEqual("false", options["Subwords"]);
            Assert.AreEqual("2", options["Decoding.BeamWidth"]);
            string markdown = TrainedReport.Report.ToMarkdown(), json = TrainedReport.Report.ToJson();
            CultureInfo.CurrentCulture = before;
            Assert.AreEqual(TrainedReport.Report.ToMarkdown(), markdown);
            Assert.AreEqual(TrainedReport.Report.ToJson(), json);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [TestMethod]
    public void It_goes_into_the_zip_on_request_and_comes_back_as_it_was()
    {
        byte[] zip = TinyModel.Zip(TrainedReport.Model);
        var loaded = (TranslationTransformer)new MLContext().Model.Load(new MemoryStream(zip), out _);

        Assert.AreEqual(TrainedReport.Report.ToJson(), loaded.Report!.ToJson());
        Assert.AreEqual(TrainedReport.Model.History.ToTable(), loaded.History.ToTable());
        // And goes on from there, as the same model with another search.
        Assert.AreEqual(TrainedReport.Report.Seed, ((TranslationTransformer)new MLContext().Model.Load(new MemoryStream(TinyModel.Zip(loaded.WithDecoding(new DecodingOptions()))), out _)).Report!.Seed);
        using var archive = new ZipArchive(new MemoryStream(zip));
        Assert.IsLessThan(20_000, archive.Entries.Single(entry => entry.Name == "Report").CompressedLength);
    }

    [TestMethod]
    public void Without_request_the_zip_has_none()
    {
        Assert.IsNotNull(TinyModel.Trained.Report);

        var loaded = (TranslationTransformer)new MLContext().Model.Load(new MemoryStream(TinyModel.Zip()), out _);

        Assert.IsNull(loaded.Report);
        Assert.IsEmpty(loaded.History.Epochs);
    }

    [TestMethod]
    public void It_tells_its_version_and_nothing_of_the_machine()
    {
        string json = TrainedReport.Report.ToJson();

        Assert.AreEqual(typeof(TrainingReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0], TrainedReport.Report.LibraryVersion);
        Assert.DoesNotContain(Environment.MachineName, json);
        Assert.DoesNotContain(AppContext.BaseDirectory, json);
    }
}
