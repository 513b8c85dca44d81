using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>What the commands need to know of a task; each task is one folder of this project.</summary>
internal interface ISampleTask
{
    /// <summary>The word of the command line.</summary>
    string Name { get; }

    string Description { get; }

    /// <summary>What follows <c>--data</c>.</summary>
    string DataDescription { get; }

    /// <summary>How many files and folders may follow it.</summary>
    int MostDataFiles => 2;

    /// <summary>What one row is, such as "sentence".</summary>
    string RowName { get; }

    /// <summary>What one argument of predict is, with its article.</summary>
    string InputDescription { get; }

    /// <summary>The zip in the folder <c>models</c> that is taken when <c>--model</c> is left out; null where none ships.</summary>
    string? ShippedModel { get; }

    bool LowerMetricIsBetter { get; }

    /// <summary>Options of train and evaluate that say how <c>--data</c> is read.</summary>
    IEnumerable<Option> DataOptions { get; }

    IEnumerable<Option> TrainOptions { get; }

    IEnumerable<Option> EvaluateOptions { get; }

    IEnumerable<Option> PredictOptions { get; }

    /// <summary>Options of convert beside the precision.</summary>
    IEnumerable<Option> ConvertOptions => [];

    /// <summary>Commands beside train, evaluate, predict and convert.</summary>
    IEnumerable<Command> FurtherCommands { get; }

    /// <summary>True when a part of <c>--data</c> is to validate on, and not to train on.</summary>
    bool HoldsOut(ParseResult parse);

    /// <summary>Reads the files after <c>--data</c> or <c>--valid</c>.</summary>
    /// <exception cref="SampleException">A file is missing, damaged or empty.</exception>
    IDataView LoadData(MLContext mlContext, IReadOnlyList<string> paths, DataUse use, ParseResult parse);

    /// <exception cref="UsageException">An option is out of its range.</exception>
    TrainedModel Train(MLContext mlContext, TrainingRequest request);

    /// <exception cref="UsageException">An option or a setting is out of its range.</exception>
    SequenceExperiment CreateExperiment(MLContext mlContext, ExperimentRequest request);

    /// <exception cref="SampleException">The model is not one of this task.</exception>
    Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView data, ParseResult parse);

    /// <summary>The same model with its weights rounded to another precision.</summary>
    /// <exception cref="SampleException">The model is not one of this task.</exception>
    ITransformer WithPrecision(ITransformer model, WeightPrecision precision);

    /// <summary>The same model with what <see cref="ConvertOptions"/> ask for.</summary>
    /// <exception cref="SampleException">The model is not one of this task.</exception>
    ITransformer Convert(MLContext mlContext, ITransformer model, ParseResult parse) => model;

    /// <summary>Makes a function from one input to its outputs, best first.</summary>
    /// <exception cref="SampleException">The model is not one of this task.</exception>
    Func<string, IReadOnlyList<ScoredText>> CreatePredictor(MLContext mlContext, ITransformer model, ParseResult parse);
}

/// <summary>An output and its log-probability.</summary>
internal sealed record ScoredText(string Text, float Score);

/// <summary>Measured values of a model on a data set.</summary>
/// <param name="Metrics">Metrics by name, best known first.</param>
/// <param name="Signature">How the metrics were computed.</param>
/// <param name="Rows">Rows that were scored.</param>
/// <param name="MillisecondsPerRow">Time of scoring one row, one thread.</param>
/// <param name="Statistics">The size of the network.</param>
internal sealed record Evaluation(
    IReadOnlyDictionary<string, double> Metrics, string Signature, int Rows, double MillisecondsPerRow, ModelStatistics Statistics)
{
    /// <summary>Further numbers, by name.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init; } = new Dictionary<string, long>();

    /// <summary>How fast scoring was, by name, beside <see cref="MillisecondsPerRow"/>.</summary>
    public IReadOnlyDictionary<string, double> Speeds { get; init; } = new Dictionary<string, double>();

    /// <summary>What there is to say about single rows, each one or several lines.</summary>
    public IReadOnlyList<string> Worst { get; init; } = [];
}
