namespace Microsoft.ML.HLstm.Tests.Experiments;

/// <summary>Keeps what an experiment says, and may act on a trial that begins.</summary>
internal sealed class RecordingMonitor(Action<TrialSettings>? running = null) : IMonitor
{
    /// <summary>What was said.</summary>
    public List<string> Said { get; } = [];

    public void ReportRunningTrial(TrialSettings settings)
    {
        Said.Add($"running {settings.TrialId}");
        running?.Invoke(settings);
    }

    public void ReportCompletedTrial(TrialResult result) => Said.Add($"completed {result.TrialSettings.TrialId}");

    public void ReportBestTrial(TrialResult result) => Said.Add($"best {result.TrialSettings.TrialId}");

    public void ReportFailTrial(TrialResult result) => Said.Add($"failed {result.TrialSettings.TrialId}");
}
