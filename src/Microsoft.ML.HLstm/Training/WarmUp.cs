namespace Microsoft.ML.HLstm.Training;

/// <summary>Where an epoch is in a course of epochs that begins with a warm-up.</summary>
/// <param name="Before">Epochs of the course that are over.</param>
/// <param name="Epochs">Epochs of the course.</param>
internal sealed record WarmUp(int Before, int Epochs)
{
    /// <summary>The share of the learning rate for a step, which rises to 1 over so many steps, but at most half of the course.</summary>
    public double Share(int warmupSteps, int step, int stepsOfEpoch) =>
        Math.Min(1, ((long)Before * stepsOfEpoch + step + 1.0) / Math.Clamp(warmupSteps, 1, Math.Max(1, (long)Epochs * stepsOfEpoch / 2)));
}
