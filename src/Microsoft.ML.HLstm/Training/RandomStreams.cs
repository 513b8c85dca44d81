using TorchSharp;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Everything random of a run, from one seed, and nothing that another run of the process could draw from.</summary>
internal sealed class RandomStreams(int seed) : IDisposable
{
    /// <summary>The seed of all.</summary>
    public int Seed { get; } = seed;

    /// <summary>Decides what is held out, the order of the data and the first connections.</summary>
    public CountedRandom Order { get; } = new(seed);

    /// <summary>Decides how training data is changed from batch to batch, where a task does that.</summary>
    public CountedRandom Changes { get; } = new(seed ^ 0x5bd1e995);

    /// <summary>Decides initial weights and dropout.</summary>
    public torch.Generator Network { get; } = new((ulong)seed);

    /// <summary>The state of <see cref="Network"/>.</summary>
    public byte[] NetworkState()
    {
        using torch.Tensor state = Network.get_state();
        return state.data<byte>().ToArray();
    }

    /// <summary>Sets all to where they were.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More has been drawn already.</exception>
    public void Restore(long draws, long changes, byte[] networkState)
    {
        Order.SkipTo(draws);
        Changes.SkipTo(changes);
        using torch.Tensor state = torch.tensor(networkState);
        Network.set_state(state);
    }

    public void Dispose() => Network.Dispose();
}
