using Microsoft.ML.HLstm;

namespace Samples.Reporting;

/// <summary>
/// Writes one line an epoch. The last report of an epoch is the one with its validation, and it is known to be the
/// last only when the next epoch begins or training ends.
/// </summary>
internal sealed class EpochLines(TextWriter output) : IProgress<TrainingProgress>
{
    private TrainingProgress? _last;
    private long _memory;

    public void Report(TrainingProgress value)
    {
        if (_last is not null && (_last.Epoch, _last.Phase) != (value.Epoch, value.Phase))
            Flush();
        _last = value;
        _memory = Environment.WorkingSet;
    }

    public void Flush()
    {
        if (_last is not null)
            output.WriteLine($"{ProgressText.Line(_last)}, memory {_memory >> 20} MiB");
        output.Flush();
        _last = null;
    }
}
