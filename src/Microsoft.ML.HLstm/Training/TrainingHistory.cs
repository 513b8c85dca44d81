using System.Globalization;
using System.Text;

namespace Microsoft.ML.HLstm;

/// <summary>One epoch of a training run.</summary>
/// <param name="Phase">The phase that the epoch belonged to.</param>
/// <param name="Epoch">The epoch over the whole run, from 1.</param>
/// <param name="Loss">Mean training loss per predicted token.</param>
/// <param name="Metric">The validation metric after the epoch.</param>
/// <param name="ActiveConnections">Active connections of masked matrices.</param>
/// <param name="Connections">All connections of masked matrices.</param>
/// <param name="FlopsPerStep">Weight FLOPs of one scoring step: 2 × non-zero weights that the step reads.</param>
/// <param name="LearningRate">The learning rate of the epoch.</param>
/// <param name="Seconds">Seconds that the epoch took, validation included.</param>
/// <param name="Best">True when this epoch's model became the one to return.</param>
public sealed record TrainingHistoryEntry(
    TrainingPhase Phase, int Epoch, double Loss, double Metric, long ActiveConnections, long Connections,
    long FlopsPerStep, double LearningRate, double Seconds, bool Best);

/// <summary>What happened in a training run, epoch by epoch.</summary>
/// <param name="MetricName">Name of the validation metric.</param>
/// <param name="Epochs">One entry for each epoch, in order.</param>
public sealed record TrainingHistory(string MetricName, IReadOnlyList<TrainingHistoryEntry> Epochs)
{
    /// <summary>
    /// What was decided on the way, one sentence each, in order: patterns that were measured (<see cref="SparsityPattern.Fastest"/>), pruned networks
    /// that lost too much, when <see cref="SpeechRecognitionOptions.WordReplacement"/> began.
    /// </summary>
    public IReadOnlyList<string> Decisions { get; init; } = [];

    /// <summary>The history of a model that was loaded without its report.</summary>
    public static TrainingHistory Empty { get; } = new("", []);

    /// <summary>A plain-text table, one line for each epoch.</summary>
    public string ToTable()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"{"phase",-16}{"epoch",6}{"loss",9}{MetricName,9}{"active",12}{"density",9}{"MFLOP/step",12}{"rate",10}{"s",8}  ");
        foreach (TrainingHistoryEntry e in Epochs)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{e.Phase,-16}{e.Epoch,6}{e.Loss,9:F4}{e.Metric,9:F2}{e.ActiveConnections,12}{(double)e.ActiveConnections / Math.Max(1, e.Connections),9:P1}{e.FlopsPerStep / 1e6,12:F3}{e.LearningRate,10:G3}{e.Seconds,8:F1}{(e.Best ? " *" : "")}");
        }

        foreach (string decision in Decisions)
            text.AppendLine(decision);
        return text.ToString();
    }
}
