using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>
/// A fresh process that loads a model and scores one row, against one that makes an LSTM in TorchSharp and steps it once. How much of that is not this package's
/// to save shows a process that does the same with a model of ML.NET's own, and one that does nothing.
/// </summary>
internal static class ColdStart
{
    public const string EngineCommand = "cold-engine", TorchCommand = "cold-torch", LibraryCommand = "cold-library", NothingCommand = "cold-nothing";
    private const int Turns = 15;

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Translation
    {
        [ColumnName(TranslationTransformer.PredictedColumnName)]
        public string Text { get; set; } = "";
    }

    private sealed class Normalized
    {
        public string Text { get; set; } = "";
    }

    /// <summary>The contest alone, with a sentence of those that come along.</summary>
    public static void Run(TextWriter output, string modelPath)
    {
        TorchRuntime.EnsureLoaded();
        ContestTable.Write(output, Measure(modelPath, Sentences.Read(ModelZip.ShippedData, 1)[0], Turns));
    }

    /// <summary>Times whole processes, from start to end.</summary>
    public static ContestResult Measure(string modelPath, string sentence, int turns)
    {
        int units = ModelZip.Load(modelPath).Model.Weights.Decoder[^1].StateSize;
        string library = Path.GetTempFileName();
        try
        {
            SaveLibraryModel(library);
            return new Contest($"Cold start: a process from start to end; model {Path.GetFileName(modelPath)}, LSTM of {units} units", turns, warmup: 1)
                .Add(Process("TorchSharp, one LSTM step", TorchCommand, units.ToString(CultureInfo.InvariantCulture)))
                .Add(Process("engine, model zip, one sentence", EngineCommand, modelPath, sentence))
                .Add(Process("ML.NET's NormalizeText, its zip, one row", LibraryCommand, library, sentence))
                .Add(Process("nothing", NothingCommand))
                .Measure();
        }
        finally
        {
            File.Delete(library);
        }
    }

    /// <summary>What the first process does.</summary>
    public static void RunTorch(int units)
    {
        TorchRuntime.EnsureLoaded();
        set_num_threads(1);
        using IDisposable inference = inference_mode();
        using var lstm = nn.LSTM(units, units);
        using Tensor x = zeros(1, 1, units);
        _ = lstm.call(x).Item1.data<float>()[0];
        WritePeak();
    }

    /// <summary>What the second process does.</summary>
    public static void RunEngine(string modelPath, string sentence)
    {
        TranslationTransformer model = ModelZip.Load(modelPath);
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Text)].ColumnName = model.Columns.Inputs[0].Name;
        using var engine = new MLContext().Model.CreatePredictionEngine<Row, Translation>(model, inputSchemaDefinition: schema);
        if (engine.Predict(new Row { Text = sentence }).Text.Length == 0)
            throw new InvalidOperationException($"The translation of '{sentence}' is empty.");
        WritePeak();
    }

    /// <summary>What the third process does: the least that any model of ML.NET's takes.</summary>
    public static void RunLibrary(string modelPath, string sentence)
    {
        var mlContext = new MLContext();
        using var engine = mlContext.Model.CreatePredictionEngine<Row, Normalized>(mlContext.Model.Load(modelPath, out _));
        if (engine.Predict(new Row { Text = sentence }).Text.Length == 0)
            throw new InvalidOperationException($"'{sentence}' is empty once it is normalised.");
        WritePeak();
    }

    private static void SaveLibraryModel(string path)
    {
        var mlContext = new MLContext();
        IDataView rows = mlContext.Data.LoadFromEnumerable<Row>([new Row { Text = "a" }]);
        mlContext.Model.Save(mlContext.Transforms.Text.NormalizeText(nameof(Row.Text)).Fit(rows), rows.Schema, path);
    }

    /// <summary>Tells the process that started this one how much memory it took, in mebibytes: all that one does which does nothing.</summary>
    public static void WritePeak()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        // VmHWM on Linux.
        Console.WriteLine((process.PeakWorkingSet64 / (double)(1 << 20)).ToString(CultureInfo.InvariantCulture));
    }

    private static Contestant Process(string name, params string[] arguments)
    {
        double peak = 0;
        return new Contestant(name, () => peak = RunProcess(arguments)) { PeakMebibytes = () => peak, WarmsUp = false };
    }

    private static double RunProcess(string[] arguments)
    {
        ProcessStartInfo start = OwnProgram.With(arguments);
        start.RedirectStandardOutput = true;
        using Process process = System.Diagnostics.Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? double.Parse(output, CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The process '{string.Join(' ', arguments)}' ended with code {process.ExitCode}.");
    }
}
