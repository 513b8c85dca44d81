using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>
/// Trains with growth only, pruning only, both and neither at one budget: no run ends early for lack of patience, and those
/// that do not prune train on for as many epochs as the longer one of those that do.
/// </summary>
/// <param name="variants">The runs; those that prune come first.</param>
/// <param name="train">Trains by a schedule, after changing the options.</param>
internal sealed class Ablation(IReadOnlyList<AblationVariant> variants, Func<GrowAndPruneSchedule, Action<SequenceTrainerOptions>, TrainedModel> train)
{
    private const int NoEarlyStopping = 100_000;

    /// <summary>One model after the other, as they are ready.</summary>
    public IEnumerable<(AblationVariant Variant, TrainedModel Model)> Run()
    {
        int epochs = 0, shift = 0;
        foreach (AblationVariant variant in variants)
        {
            TrainedModel model = train(variant.Schedule, options =>
            {
                options.EarlyStoppingPatience = NoEarlyStopping;
                if (options.CheckpointFolder is { } folder)
                    options.CheckpointFolder = Path.Combine(folder, variant.FileName);
                if (variant.Prunes)
                    return;
                // Epochs that are not named may have made those of the shift more.
                options.Epochs = epochs - shift;
                options.GrowAndPrune = options.GrowAndPrune with { ShiftEpochs = Math.Max(1, shift) };
            });
            epochs = Math.Max(epochs, model.History.Epochs.Count);
            shift = Math.Max(shift, model.History.Epochs.Count(entry => entry.Phase == TrainingPhase.ActivationShift));
            yield return (variant, model);
        }
    }
}
