using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>Phases as they are shown: short, because a table has 80 columns and a phase in the plot may be one epoch wide.</summary>
internal static class PhaseName
{
    public static string Of(TrainingPhase phase) => phase == TrainingPhase.ActivationShift ? "Shift" : phase.ToString();
}
