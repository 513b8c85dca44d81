namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Watches the working set of a process while a trial runs, and cancels the trial when it becomes too large.</summary>
internal sealed class MemoryWatch : IDisposable
{
    private const int EveryMilliseconds = 200;
    private const double BytesInMegaByte = 1024 * 1024;

    private readonly CancellationTokenSource _source;
    private readonly Func<long> _workingSet;
    private readonly double? _limit;
    private readonly Timer _timer;
    private int _looking;

    /// <summary>Begins to watch.</summary>
    public MemoryWatch(Func<long> workingSet, double? limitInMegaByte, CancellationToken cancellationToken)
    {
        (_workingSet, _limit) = (workingSet, limitInMegaByte);
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // At once and on this thread: a short trial may end before a busy pool has a thread for the timer.
        Look();
        _timer = new Timer(_ => Look(), null, EveryMilliseconds, EveryMilliseconds);
    }

    /// <summary>Cancelled with the trial, or when there is too much memory.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>The largest working set so far.</summary>
    public double PeakInMegaByte { get; private set; }

    /// <summary>Throws when the limit was crossed.</summary>
    /// <exception cref="InsufficientMemoryException">It was.</exception>
    public void ThrowIfExceeded()
    {
        if (PeakInMegaByte > _limit)
            throw new InsufficientMemoryException($"The trial used {PeakInMegaByte:F0} MB; allowed by {nameof(ExperimentSettings.MaximumMemoryUsageInMegaByte)} is {_limit:F0} MB.");
    }

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private void Look()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1)
            return;
        PeakInMegaByte = Math.Max(PeakInMegaByte, _workingSet() / BytesInMegaByte);
        try
        {
            if (PeakInMegaByte > _limit)
                _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The trial ended while this was looking.
        }

        _looking = 0;
    }
}
