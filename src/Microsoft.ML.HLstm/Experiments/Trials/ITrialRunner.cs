namespace Microsoft.ML.HLstm;

/// <summary>Runs trials: trains the model of a point of the search space, evaluates it, saves its zip.</summary>
public interface ITrialRunner : IDisposable
{
    /// <summary>
    /// Runs a trial to its end and writes its zip to <see cref="TrialSettings.ModelPath"/>. What it throws becomes the failure
    /// of the trial. Size and latency are measured afterwards, by the experiment.
    /// </summary>
    /// <param name="settings">What to do.</param>
    /// <param name="ct">Cancelled when the experiment ends; the runner throws <see cref="OperationCanceledException"/> soon after.</param>
    Task<TrialResult> RunAsync(TrialSettings settings, CancellationToken ct);
}
