using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>The history of a run as CSV and JSON.</summary>
internal static class HistoryFiles
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // An epoch without validation has NaN, which plain JSON cannot say.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string ToJson(TrainingHistory history) => JsonSerializer.Serialize(history, _json) + "\n";

    public static string ToCsv(TrainingHistory history)
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
