using System.CommandLine;
using Microsoft.ML.HLstm;

namespace Samples.Commands;

internal enum Algorithm
{
    HLstm,
    Lstm,
}

internal enum Goal
{
    Compact,
    Fast,
    Accurate,
    None,
}

/// <summary>The options that choose how connections grow and are pruned.</summary>
internal sealed class GoalOptions
{
    private readonly Option<Goal?> _goal = new("--goal")
    {
        Description = "What grow-and-prune is for (default: accurate for hlstm, none for lstm)",
        HelpName = "compact|fast|accurate|none",
        CustomParser = result =>
        {
            string token = result.Tokens[0].Value;
            if (Enum.GetNames<Goal>().Contains(token, StringComparer.OrdinalIgnoreCase))
                return Enum.Parse<Goal>(token, ignoreCase: true);
            result.AddError($"--goal is '{token}'; allowed is compact, fast, accurate, none.");
            return null;
        },
    };

    private readonly OptionSet<GrowAndPruneSchedule> _changes = new OptionSet<GrowAndPruneSchedule>()
        .With<SparsityPattern>("--pattern", "Where the active connections of a matrix may lie", (s, v) => s with { Pattern = v })
        .With<double>("--target-density", "Pruning ends at this share of active connections", (s, v) => s with { TargetDensity = v })
        .With<double>("--embedding-density", "Pruning of embeddings and output projection ends at this share of active connections", (s, v) => s with { EmbeddingTargetDensity = v })
        .With<int>("--shift-epochs", "Epochs of retraining after the activation shift", (s, v) => s with { ShiftEpochs = v })
        .With<double>("--pruning-ratio", "Share of active connections that one pruning round removes", (s, v) => s with { PruningRatio = v })
        .With<int>("--pruning-rounds", "Pruning rounds at most", (s, v) => s with { PruningRounds = v })
        .With<int>("--recovery-epochs", "Epochs at most to recover from one pruning round", (s, v) => s with { RecoveryEpochs = v })
        .With<int>("--final-epochs", "Epochs of retraining once nothing more is pruned", (s, v) => s with { FinalRecoveryEpochs = v })
        .With<bool>("--scale-dropout", "Whether sparse networks have less dropout", (s, v) => s with { ScaleDropout = v })
        .With<double>("--distillation", "Share of what a pruned model learns from the best one's predictions", (s, v) => s with { Distillation = v })
        .With<double>("--allowed-loss", "Relative loss of the metric that pruning may cost", (s, v) => s with { AllowedLoss = v })
        .With<double>("--interim-loss", "What a network may lose beside that and still be pruned further", (s, v) => s with { InterimLoss = v })
        .With<double>("--seed-density", "Share of connections that are active at the start", (s, v) => s with { SeedDensity = v })
        .With<int>("--growth-rounds", "How many times connections grow", (s, v) => s with { GrowthRounds = v });

    public IEnumerable<Option> Options => [_goal, .. _changes.Options];

    public GrowAndPruneSchedule Read(ParseResult parse, Algorithm algorithm)
    {
        Goal goal = parse.GetValue(_goal) ?? (algorithm == Algorithm.Lstm ? Goal.None : Goal.Accurate);
        // Without masked matrices a density would silently mean nothing.
        if (goal == Goal.None && _changes.Given(parse).FirstOrDefault() is { } name)
            throw new UsageException($"{name} has no effect with the goal none; add --goal compact, fast or accurate.");
        GrowAndPruneSchedule schedule = _changes.Apply(parse, goal switch
        {
            Goal.Compact => GrowAndPruneSchedule.Compact,
            Goal.Fast => GrowAndPruneSchedule.Fast,
            Goal.Accurate => GrowAndPruneSchedule.Accurate,
            _ => GrowAndPruneSchedule.None,
        });
        if (schedule is { Pattern: SparsityPattern.Fastest, PruningRounds: 0 } && _changes.Given(parse).Contains("--pattern"))
            throw new UsageException("--pattern fastest has no effect with --pruning-rounds 0: it is chosen when pruning starts.");
        return schedule;
    }
}
