using System.Globalization;
using System.Text;
using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>The history of a run as CSV.</summary>
internal static class HistoryCsv
{
    public static string Write(TrainingHistory history)
    {
        var text = new StringBuilder($"phase,epoch,loss,{history.MetricName},active_connections,connections,flops_per_step,learning_rate,seconds,best\n");
        foreach (TrainingHistoryEntry e in history.Epochs)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{e.Phase},{e.Epoch},{e.Loss:R},{e.Metric:R},{e.ActiveConnections},{e.Connections},{e.FlopsPerStep},{e.LearningRate:R},{e.Seconds:R},{(e.Best ? 1 : 0)}\n");
        }

        return text.ToString();
    }
}
