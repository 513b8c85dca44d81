namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// Goes over the training data outside of epochs, for what later ones learn from. It takes as long as validation or longer, so it is reported
/// batch by batch, and can be cancelled before each.
/// </summary>
/// <param name="cancellationToken">Looked at before every batch.</param>
/// <param name="report">Told how many batches are done, and of how many; null for nobody.</param>
internal sealed class Preparation(CancellationToken cancellationToken, Action<int, int>? report = null)
{
    /// <summary>The batches, each of which is done when the next one is asked for.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<int[]> Batches(IEnumerable<int[]> batches)
    {
        int[][] all = [.. batches];
        for (int i = 0; i < all.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return all[i];
            report?.Invoke(i + 1, all.Length);
        }
    }
}
