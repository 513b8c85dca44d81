namespace Microsoft.ML.HLstm.Training.Checkpoints;

/// <summary>What must be the same for a run to go on from a checkpoint.</summary>
/// <param name="Seed">The seed; a run that takes it from its environment goes on with the one that it began with.</param>
/// <param name="Options">The options, as <c>name=value</c>.</param>
/// <param name="Data">The fingerprint of schema and rows, as the task has read them.</param>
/// <param name="InitialModel">The fingerprint of the model that training started from; 0 without one.</param>
internal sealed record RunIdentity(int Seed, IReadOnlyList<string> Options, ulong Data, ulong InitialModel)
{
    /// <summary>What another run has that this one has not, in one sentence; null when they are the same.</summary>
    public string? DifferenceFrom(RunIdentity other)
    {
        string[] here = [.. Options.Except(other.Options)], there = [.. other.Options.Except(Options)];
        if (here.Length + there.Length > 0)
            return $"it was written with {Text(there)}, and this run has {Text(here)}";
        if (Data != other.Data)
            return $"it was written with other training or validation data (fingerprint {other.Data:x16}, and this run's is {Data:x16})";
        return InitialModel == other.InitialModel ? null
            : $"it was written with {Model(other.InitialModel)}, and this run has {Model(InitialModel)}";

        static string Text(string[] options) => options.Length == 0 ? "no such options" : string.Join(", ", options);
        static string Model(ulong fingerprint) => fingerprint == 0 ? "no initial model" : $"the initial model of fingerprint {fingerprint:x16}";
    }

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Seed);
        writer.Write(Data);
        writer.Write(InitialModel);
        writer.Write(Options.Count);
        foreach (string option in Options)
            writer.Write(option);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static RunIdentity Read(BinaryReader reader)
    {
        (int seed, ulong data, ulong model) = (reader.ReadInt32(), reader.ReadUInt64(), reader.ReadUInt64());
        string[] options = new string[reader.ReadInt32()];
        for (int i = 0; i < options.Length; i++)
            options[i] = reader.ReadString();
        return new RunIdentity(seed, options, data, model);
    }
}
