using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Random masks over matrices, and the choice between computing all connections and the active ones.</summary>
internal sealed class Sparsity
{
    private readonly Dictionary<Weight, MatrixConnections> _connections = [];

    /// <summary>Leaves a random share of each matrix.</summary>
    public Sparsity(IEnumerable<(Weight Weight, double Density)> matrices)
    {
        var random = new Random(1);
        using IDisposable quiet = no_grad();
        foreach ((Weight weight, double density) in matrices)
        {
            float[] mask = [.. Enumerable.Range(0, (int)weight.numel()).Select(_ => random.NextDouble() < density ? 1f : 0f)];
            using Tensor values = tensor(mask), shaped = values.view(weight.shape);
            weight.mul_(shaped);
            _connections[weight] = new MatrixConnections(mask, weight.dim() == 3 ? (int)weight.shape[0] : 1, (int)weight.shape[^2], (int)weight.shape[^1]);
        }
    }

    /// <summary>True: matrices that are sparse enough compute their active connections only, as training does.</summary>
    public bool ActiveOnly
    {
        set
        {
            foreach ((Weight weight, MatrixConnections connections) in _connections)
                weight.Connections = value && connections.Count <= ConnectionPattern.MaximumDensity * weight.numel() ? connections : null;
        }
    }
}
