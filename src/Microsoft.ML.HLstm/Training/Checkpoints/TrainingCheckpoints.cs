using System.Diagnostics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Training.Checkpoints;

/// <summary>
/// The checkpoints of one run in their folder. A new one is written under another name, flushed to the disk and renamed, and
/// the one before it is kept, so that at every moment there is a whole one.
/// </summary>
internal sealed class TrainingCheckpoints : IDisposable
{
    /// <summary>The last checkpoint.</summary>
    public const string LatestName = "latest.checkpoint";

    /// <summary>The one before it.</summary>
    public const string PreviousName = "previous.checkpoint";

    /// <summary>One that is being written; what is left of it is never read.</summary>
    public const string UnfinishedName = "unfinished.checkpoint.tmp";

    private const string LockName = "run.lock";

    private readonly IChannel _log;
    private readonly TimeSpan _interval;
    private readonly FileStream _lock;
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private readonly string? _found;
    private RunIdentity? _identity;
    private bool _latestIsWhole;

    private TrainingCheckpoints(string folder, TimeSpan interval, IChannel log)
    {
        (Folder, _interval, _log) = (Path.GetFullPath(folder), interval, log);
        _lock = Lock();
        try
        {
            File.Delete(In(UnfinishedName));
            _found = Find();
            _latestIsWhole = _found == In(LatestName);
            if (_found is not null)
                _identity = CheckpointFile.Read(_found);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>The folder, as a whole path.</summary>
    public string Folder { get; }

    /// <summary>The seed of the run whose checkpoint was found; null without one.</summary>
    public int? Seed => _found is null ? null : _identity!.Seed;

    /// <summary>True when there is a checkpoint to go on from.</summary>
    public bool CanResume => _found is not null;

    /// <summary>The random streams of the run.</summary>
    public RandomStreams Streams { get; private set; } = null!;

    /// <summary>True when the interval has passed since the last checkpoint was written, or was tried to.</summary>
    public bool IsDue => _since.Elapsed >= _interval;

    /// <summary>Opens the folder that the options name, and keeps others out until it is disposed; null when they name none.</summary>
    /// <exception cref="CheckpointException">The folder cannot be used, is in use, or has only damaged checkpoints.</exception>
    public static TrainingCheckpoints? Open(SequenceTrainerOptions options, IChannel log) =>
        options.CheckpointFolder is { } folder ? new TrainingCheckpoints(folder, options.CheckpointInterval, log) : null;

    /// <summary>Says what run this is, before it starts.</summary>
    /// <exception cref="CheckpointException">The checkpoint is of another one; the message names what differs.</exception>
    public void Begin(RunIdentity identity, RandomStreams streams)
    {
        if (CanResume && identity.DifferenceFrom(_identity!) is { } difference)
            throw new CheckpointException(Folder, $"Training cannot go on from the checkpoint {_found}: {difference}. Make them the same, or train with another CheckpointFolder.");
        (_identity, Streams) = (identity, streams);
    }

    /// <summary>Reads the checkpoint that was found.</summary>
    /// <exception cref="CheckpointException">It does not fit to the network.</exception>
    public void Load(Action<BinaryReader> read)
    {
        try
        {
            CheckpointFile.Read(_found!, read);
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or ArgumentException)
        {
            throw new CheckpointException(Folder, $"The checkpoint {_found} does not fit to the network: {failure.Message}", failure);
        }
    }

    /// <summary>
    /// Writes a checkpoint. When that fails, for want of space or whatever else, a warning says so, what was there before stays,
    /// and training goes on: the next one may succeed.
    /// </summary>
    public void Save(Action<BinaryWriter> write)
    {
        string unfinished = In(UnfinishedName), latest = In(LatestName);
        try
        {
            CheckpointFile.Write(unfinished, _identity!, write);
            // One that was found damaged makes way for the new one, and the whole one before it stays.
            if (_latestIsWhole)
                File.Move(latest, In(PreviousName), overwrite: true);
            _latestIsWhole = false;
            File.Move(unfinished, latest, overwrite: true);
            _latestIsWhole = true;
        }
        // A limit of the file's size is an ArgumentOutOfRangeException of .NET's streams.
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            Delete(unfinished);
            _log.Warning($"No checkpoint could be written to the folder {Folder}: {failure.Message} Training goes on, the last good checkpoint stays, and the next one is tried when it is due.");
        }

        _since.Restart();
    }

    public void Dispose() => _lock.Dispose();

    private string In(string name) => Path.Combine(Folder, name);

    private FileStream Lock()
    {
        try
        {
            Directory.CreateDirectory(Folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(Folder, $"The folder of checkpoints {Folder} cannot be made: {failure.Message}", failure);
        }

        try
        {
            // The operating system gives it free when the process ends, however it ends.
            return new FileStream(In(LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(Folder, $"The folder of checkpoints {Folder} cannot be used, or another run is using it: {failure.Message}", failure);
        }
    }

    /// <summary>The last whole checkpoint; null when there is none at all.</summary>
    private string? Find()
    {
        var damages = new List<string>();
        foreach (string path in (string[])[In(LatestName), In(PreviousName)])
        {
            if (!File.Exists(path))
                continue;
            if (CheckpointFile.Damage(path) is not { } damage)
            {
                damages.ForEach(message => _log.Warning($"{message}; training goes on from the one before it."));
                return path;
            }

            damages.Add($"The checkpoint {path} cannot be read: {damage}");
        }

        return damages.Count == 0 ? null
            : throw new CheckpointException(Folder, string.Join(". ", damages) + ". Train with another CheckpointFolder, or delete the file to start anew.");
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // It is told from a whole one by its name, and deleted when a run starts.
        }
    }
}
