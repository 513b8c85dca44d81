namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Sets what a trial trains: its budget's share of what the options ask for, or as much of that as the model that it goes on from has not had.</summary>
internal static class TrialEpochs
{
    /// <summary>For a new model, whose connections all grow, however small the share: the models that go on from it do not grow any more.</summary>
    /// <param name="options">The options, which are changed.</param>
    /// <param name="rows">The rows of the training data, which count where no epochs are named.</param>
    /// <param name="budget">The share.</param>
    public static void Begin(SequenceTrainerOptions options, int rows, double budget)
    {
        GrowAndPruneSchedule schedule = options.ScheduleWith(rows);
        options.GrowAndPrune = Share(schedule, budget);
        int growth = schedule.GrowthRounds * options.GrowAndPrune.GrowthEpochs, epochs = Share(options.EpochsWith(rows), budget);
        options.Epochs = growth == 0 ? epochs : Math.Max(growth + 1, epochs);
    }

    /// <summary>
    /// For a model that has had the share <paramref name="before"/>. Its connections have grown and been pruned, so that it trains as it is; what its last
    /// retraining would have had more is a part of that.
    /// </summary>
    public static void GoOn(SequenceTrainerOptions options, int rows, double budget, double before)
    {
        GrowAndPruneSchedule schedule = options.ScheduleWith(rows);
        int epochs = options.EpochsWith(rows), last = schedule.Prunes ? LastEpochs(schedule) : 0;
        options.Epochs = More(epochs) + More(last);
        options.GrowAndPrune = Share(schedule, budget) with { GrowthRounds = 0 };

        int More(int of) => Share(of, budget) - Share(of, before);
    }

    private static int LastEpochs(GrowAndPruneSchedule schedule) => schedule.FinalRecoveryEpochs ?? schedule.RecoveryEpochs;

    private static GrowAndPruneSchedule Share(GrowAndPruneSchedule schedule, double budget) => schedule with
    {
        GrowthEpochs = Share(schedule.GrowthEpochs, budget),
        ShiftEpochs = Share(schedule.ShiftEpochs, budget),
        RecoveryEpochs = Share(schedule.RecoveryEpochs, budget),
        FinalRecoveryEpochs = Share(LastEpochs(schedule), budget),
    };

    private static int Share(int epochs, double budget) => Math.Max(1, (int)Math.Round(epochs * budget));
}
