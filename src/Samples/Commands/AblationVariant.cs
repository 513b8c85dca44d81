using Microsoft.ML.HLstm;

namespace Samples.Commands;

/// <summary>One of the four runs of an ablation.</summary>
internal sealed record AblationVariant(string Name, GrowAndPruneSchedule Schedule)
{
    public bool Prunes => Schedule.PruningRounds > 0;

    /// <summary>The name in paths.</summary>
    public string FileName => Name.Replace(' ', '-');

    /// <summary>
    /// Both, pruning only, growth only, neither: those that prune come first, because only then is it known how many epochs
    /// pruning takes. It goes on to its target whatever that costs: what would be compared otherwise are models that ended
    /// after different numbers of epochs, at different densities.
    /// </summary>
    /// <exception cref="UsageException">The schedule does not grow, does not prune, or chooses its pattern by measurement.</exception>
    public static IReadOnlyList<AblationVariant> Of(GrowAndPruneSchedule schedule)
    {
        if (schedule.Matrices == MaskedMatrices.None)
            throw new UsageException("--ablation has no effect with the goal none; add --goal compact, fast or accurate.");
        if (schedule.GrowthRounds == 0 || schedule.SeedDensity == 1)
            throw new UsageException($"--ablation needs growth: --growth-rounds is {schedule.GrowthRounds} and --seed-density {schedule.SeedDensity}; allowed is at least 1 and below 1.");
        if (schedule.PruningRounds == 0)
            throw new UsageException("--ablation needs pruning: --pruning-rounds is 0; allowed is at least 1.");
        if (schedule.Pattern == SparsityPattern.Fastest)
            throw new UsageException("--ablation compares at one pattern, and --pattern is fastest; name one of the others.");
        schedule = schedule with { AllowedLoss = 1 };
        return
        [
            new("both", schedule),
            new("pruning only", schedule with { SeedDensity = 1, GrowthRounds = 0 }),
            new("growth only", schedule with { PruningRounds = 0 }),
            // The activation shift is neither, so every run has it.
            new("neither", GrowAndPruneSchedule.None with { ActivationShift = schedule.ActivationShift, ShiftEpochs = schedule.ShiftEpochs }),
        ];
    }
}
