using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>A fresh process that loads a model and scores one row, against one that makes an LSTM in TorchSharp and steps it once.</summary>
internal static class ColdStart
{
    public const string EngineCommand = "cold-engine", TorchCommand = "cold-torch";

    private sealed class Row
    {
        public string Text { get; set; } = "";
    }

    private sealed class Translation
    {
        [ColumnName(TranslationTransformer.PredictedColumnName)]
        public string Text { get; set; } = "";
    }

    /// <summary>Times whole processes, from start to end.</summary>
    public static ContestResult Measure(string modelPath, string sentence, int turns)
    {
        int units = ModelZip.Load(modelPath).Model.Weights.Decoder[^1].StateSize;
        return new Contest($"Cold start: a process from start to end; model {Path.GetFileName(modelPath)}, LSTM of {units} units", turns, warmup: 1)
            .Add(Process("TorchSharp, one LSTM step", TorchCommand, units.ToString(CultureInfo.InvariantCulture)))
            .Add(Process("engine, model zip, one sentence", EngineCommand, modelPath, sentence))
            .Measure();
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

    private static void WritePeak()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        // VmHWM on Linux.
        Console.WriteLine((process.PeakWorkingSet64 / (double)(1 << 20)).ToString(CultureInfo.InvariantCulture));
    }
}
