using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// What is done outside of epochs: going over the training data, for what later ones learn from, putting words into classes, or looking for the best search. It takes as long as validation or longer, so it is reported
/// batch by batch, and can be cancelled before each.
/// </summary>
/// <param name="cancellationToken">Looked at before every batch.</param>
/// <param name="report">Told how many batches are done, and of how many; null for nobody.</param>
internal sealed class Preparation(CancellationToken cancellationToken, Action<int, int>? report = null)
{
    /// <summary>Shows batches of rows of similar length, without gradients and with dropout off; tensors made meanwhile are freed.</summary>
    /// <param name="module">Whose dropout is off; afterwards it trains if it did before.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="batchSize">How many of them are shown together.</param>
    /// <param name="length">The length of a row.</param>
    /// <param name="show">Takes a batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void ForEachBatch(nn.Module module, int rows, int batchSize, Func<int, long> length, Action<int[]> show)
    {
        bool training = module.training;
        module.eval();
        using IDisposable quiet = no_grad();
        List<int[]> batches = LengthBuckets.Sorted(rows, batchSize, length);
        for (int i = 0; i < batches.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using (NewDisposeScope())
                show(batches[i]);
            Report(i + 1, batches.Count);
        }

        module.train(training);
    }

    /// <summary>What is done before there is a network.</summary>
    public static Preparation Before(SequenceTrainerOptions options, string metricName)
    {
        var watch = Stopwatch.StartNew();
        return new Preparation(options.CancellationToken, (done, of) => options.Progress?.Report(
            new TrainingProgress(TrainingPhase.Prepare, 0, options.Epochs ?? 0, done, of, double.NaN, metricName, double.NaN, double.NaN, 0, 0, watch.Elapsed, null)));
    }

    /// <summary>Tells how much is done, and stops there where that is asked for.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public void Advance(int done, int of)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Report(done, of);
    }

    /// <summary>Tells how much is done.</summary>
    public void Report(int done, int of) => report?.Invoke(done, of);
}
