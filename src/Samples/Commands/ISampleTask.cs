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

    /// <summary>What one row is, such as "sentence".</summary>
    string RowName { get; }

    /// <summary>The zip in the folder <c>models</c> that is taken when <c>--model</c> is left out.</summary>
    string ShippedModel { get; }

    bool LowerMetricIsBetter { get; }

    IEnumerable<Option> TrainOptions { get; }

    IEnumerable<Option> EvaluateOptions { get; }

    IEnumerable<Option> PredictOptions { get; }

    /// <summary>Commands beside train, evaluate and predict.</summary>
    IEnumerable<Command> FurtherCommands { get; }

    /// <summary>Reads the files after <c>--data</c>.</summary>
    /// <exception cref="SampleException">A file is missing, damaged or empty.</exception>
    IDataView LoadData(MLContext mlContext, IReadOnlyList<string> paths);

    /// <exception cref="UsageException">An option is out of its range.</exception>
    TrainedModel Train(MLContext mlContext, TrainingRequest request);

    /// <exception cref="SampleException">The model is not one of this task.</exception>
    Evaluation Evaluate(MLContext mlContext, ITransformer model, IDataView data, ParseResult parse);

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
    IReadOnlyDictionary<string, double> Metrics, string Signature, int Rows, double MillisecondsPerRow, ModelStatistics Statistics);
