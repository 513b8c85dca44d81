using TorchSharp;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// The threads that libtorch uses in the thread that asks, until it is disposed there. A thread that libtorch has not seen
/// starts with what another one asked for last, so that only the first of several trainings at once knows what to go back to.
/// </summary>
internal sealed class TorchThreads : IDisposable
{
    private static readonly Lock _gate = new();
    private static int _users;
    private static int _before;

    private TorchThreads(int threads)
    {
        lock (_gate)
        {
            if (_users++ == 0)
                _before = torch.get_num_threads();
            torch.set_num_threads(threads);
        }
    }

    /// <summary>Lets the calling thread train on so many threads.</summary>
    public static TorchThreads Use(int threads) => new(threads);

    public void Dispose()
    {
        lock (_gate)
        {
            torch.set_num_threads(_before);
            _users--;
        }
    }
}
