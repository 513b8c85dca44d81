namespace Microsoft.ML.HLstm;

/// <summary>Proposes points of a search space, and is told what came of them.</summary>
public interface ITuner
{
    /// <summary>
    /// A point for a trial. It follows from <see cref="TrialSettings.TrialId"/> and what the tuner has been told, so that an
    /// experiment that was killed goes on as it would have; the <see cref="TrialSettings.Parameter"/> given is empty.
    /// </summary>
    ParameterSet Propose(TrialSettings settings);

    /// <summary>A trial has ended. When an experiment resumes, the tuner is told of all earlier trials in order.</summary>
    void Update(TrialResult result);
}
