namespace Microsoft.ML.HLstm.Training;

/// <summary>What a checkpoint has of a run, and how the run goes on from it.</summary>
internal sealed partial class TrainingRun
{
    // The model that has predicted the training data: its predictions are many times larger.
    private readonly ModelSnapshot? _teacher;
    private long _drawsBeforeEpoch;

    /// <summary>Writes a checkpoint, if there is a folder: between two batches or between two epochs.</summary>
    public void Save() => _checkpoints?.Save(Write);

    private void SaveWhenDue()
    {
        if (_checkpoints!.IsDue)
            Save();
    }

    /// <summary>
    /// Keeps the batches of an epoch that was begun. Between epochs the last checkpoint has it all, and growth or a teacher that
    /// was interrupted has left the network in a state that belongs to no moment of the run.
    /// </summary>
    private void SaveInterrupted()
    {
        if (_runner.Progress is not null)
            Save();
    }

    private void Write(BinaryWriter writer)
    {
        _at.Write(writer);
        _connections.Write(writer);
        ModelSnapshot?[] needed = _at.Stage == TrainingStage.Finished ? [_kept] : [_kept, _current, _best, _start];
        foreach (ModelSnapshot? snapshot in (ModelSnapshot?[])[_kept, _current, _best, _start])
            writer.Write(needed.Contains(snapshot) ? Array.IndexOf(_snapshots, snapshot) : -1);
        foreach (ModelSnapshot snapshot in _snapshots.Where(needed.Contains))
            snapshot.Write(writer);
        if (_at.Stage == TrainingStage.Finished)
            return;
        if (Taught)
            _teacher!.Write(writer);
        writer.Write((int)_network.Activation);
        foreach (TrainedParameter parameter in _network.Parameters)
            parameter.Write(writer);
        writer.Write(_runner.Progress is null ? _checkpoints!.Streams.Order.Draws : _drawsBeforeEpoch);
        writer.Write(_checkpoints!.Streams.Changes.Draws);
        byte[] state = _checkpoints!.Streams.NetworkState();
        writer.Write(state.Length);
        writer.Write(state);
        _runner.Write(writer);
        _network.WriteState(writer);
    }

    /// <summary>Goes to where the checkpoint was written; false when there is none.</summary>
    private bool Resume()
    {
        if (_checkpoints is not { CanResume: true })
            return false;
        _checkpoints.Load(Read);
        string place = _at.Stage == TrainingStage.Finished ? $"The run of {_at.History.Count} epochs is finished; its model is returned"
            : $"Training goes on in epoch {_at.History.Count + 1}, after {_runner.Progress?.Batch ?? 0} batches of it";
        _runner.Log($"{place}, from the checkpoint in {_checkpoints.Folder}.");
        return true;
    }

    private void Read(BinaryReader reader)
    {
        _at.Read(reader);
        _connections.Read(reader);
        int[] roles = [.. Enumerable.Range(0, 4).Select(_ => reader.ReadInt32())];
        ModelSnapshot?[] models = [.. roles.Select(index => index < 0 ? null : _snapshots[index])];
        (_kept, _current, _best, _start) = (models[0], models[1], models[2], models[3]);
        foreach (ModelSnapshot snapshot in _snapshots.Where(models.Contains))
            snapshot.Read(reader);
        if (_at.Stage == TrainingStage.Finished)
            return;
        if (Taught)
        {
            _teacher!.Read(reader);
            Continue(_teacher);
            _runner.Teach(_schedule.Distillation, _at.History.Count);
        }

        _network.Activation = (GateActivation)reader.ReadInt32();
        foreach (TrainedParameter parameter in _network.Parameters)
            parameter.Read(reader);
        _checkpoints!.Streams.Restore(reader.ReadInt64(), reader.ReadInt64(), reader.ReadBytes(reader.ReadInt32()));
        _runner.Read(reader);
        _network.ReadState(reader);
    }

    private bool Taught => _at.TeacherMetric > double.NegativeInfinity;
}
