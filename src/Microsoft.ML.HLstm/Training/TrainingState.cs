namespace Microsoft.ML.HLstm.Training;

/// <summary>Where a run stands in its schedule. With it, the weights and the random streams, a run goes on as if it had never stopped.</summary>
internal sealed class TrainingState
{
    /// <summary>What comes next.</summary>
    public TrainingStage Stage { get; set; }

    /// <summary>Rounds of growth or pruning that are done.</summary>
    public int Round { get; set; }

    /// <summary>Epochs of the round, or of the retraining, that are done.</summary>
    public int Epoch { get; set; }

    /// <summary>Epochs without a better metric.</summary>
    public int Stale { get; set; }

    /// <summary>Epochs without a better metric since the learning rate last fell.</summary>
    public int Plateau { get; set; }

    /// <summary>The learning rate that has fallen on plateaus.</summary>
    public double Rate { get; set; }

    /// <summary>True when nothing is pruned after this round.</summary>
    public bool LastRound { get; set; }

    /// <summary>The pattern that was chosen to prune by; null when none is measured.</summary>
    public SparsityPattern? Chosen { get; set; }

    /// <summary>The pattern of the pruned model to return, when it was chosen by measurement; null before there is one.</summary>
    public SparsityPattern? Reached { get; set; }

    /// <summary>Patterns that have not been pruned by; null before the first choice.</summary>
    public List<SparsityPattern>? Left { get; set; }

    /// <summary>True when an accepted model becomes the one to return.</summary>
    public bool Keeps { get; set; } = true;

    /// <summary>True when the model to return is a pruned one that has not had its last retraining.</summary>
    public bool Unsettled { get; set; }

    /// <summary>The best validation metric of the run.</summary>
    public double BestMetric { get; set; } = double.NegativeInfinity;

    /// <summary>The metric of the model that has predicted the training data.</summary>
    public double TeacherMetric { get; set; } = double.NegativeInfinity;

    /// <summary>What happened, epoch by epoch.</summary>
    public List<TrainingHistoryEntry> History { get; } = [];

    /// <summary>What was measured and chosen.</summary>
    public List<string> Decisions { get; } = [];

    /// <summary>Goes on to a stage, from its first epoch.</summary>
    public void Enter(TrainingStage stage, int round = 0) => (Stage, Round, Epoch) = (stage, round, 0);

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write((byte)Stage);
        foreach (int count in (int[])[Round, Epoch, Stale, Plateau])
            writer.Write(count);
        foreach (double value in (double[])[Rate, BestMetric, TeacherMetric])
            writer.Write(value);
        writer.Write(LastRound);
        writer.Write(Keeps);
        writer.Write(Unsettled);
        writer.Write((int?)Chosen ?? -1);
        writer.Write((int?)Reached ?? -1);
        writer.Write(Left?.Count ?? -1);
        foreach (SparsityPattern pattern in Left ?? [])
            writer.Write((int)pattern);
        writer.Write(Decisions.Count);
        Decisions.ForEach(writer.Write);
        writer.Write(History.Count);
        foreach (TrainingHistoryEntry entry in History)
            Write(writer, entry);
    }

    /// <summary>Reads what <see cref="Write(BinaryWriter)"/> wrote.</summary>
    public void Read(BinaryReader reader)
    {
        Stage = (TrainingStage)reader.ReadByte();
        (Round, Epoch, Stale, Plateau) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        (Rate, BestMetric, TeacherMetric) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (LastRound, Keeps, Unsettled) = (reader.ReadBoolean(), reader.ReadBoolean(), reader.ReadBoolean());
        (Chosen, Reached) = (Pattern(reader.ReadInt32()), Pattern(reader.ReadInt32()));
        int left = reader.ReadInt32();
        Left = left < 0 ? null : [.. Enumerable.Range(0, left).Select(_ => (SparsityPattern)reader.ReadInt32())];
        for (int count = reader.ReadInt32(); count > 0; count--)
            Decisions.Add(reader.ReadString());
        for (int count = reader.ReadInt32(); count > 0; count--)
            History.Add(ReadEntry(reader));
    }

    private static SparsityPattern? Pattern(int value) => value < 0 ? null : (SparsityPattern)value;

    private static void Write(BinaryWriter writer, TrainingHistoryEntry entry)
    {
        writer.Write((int)entry.Phase);
        writer.Write(entry.Epoch);
        foreach (double value in (double[])[entry.Loss, entry.Metric, entry.LearningRate, entry.Seconds])
            writer.Write(value);
        foreach (long count in (long[])[entry.ActiveConnections, entry.Connections, entry.FlopsPerStep])
            writer.Write(count);
        writer.Write(entry.Best);
    }

    private static TrainingHistoryEntry ReadEntry(BinaryReader reader)
    {
        (var phase, int epoch) = ((TrainingPhase)reader.ReadInt32(), reader.ReadInt32());
        (double loss, double metric, double rate, double seconds) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        (long active, long connections, long flops) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return new TrainingHistoryEntry(phase, epoch, loss, metric, active, connections, flops, rate, seconds, reader.ReadBoolean());
    }
}
