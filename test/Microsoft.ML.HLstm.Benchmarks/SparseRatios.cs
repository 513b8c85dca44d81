using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Forward and backward of an H-LSTM layer that is sparse: its active connections against all of them.</summary>
internal static class SparseRatios
{
    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        foreach (int units in (int[])[256, 512])
        {
            foreach (double density in (double[])[0.02, 0.05, 0.13, 0.3, 0.4])
            {
                using var layers = new RecurrentLayers(units);
                foreach (HLstmLayer layer in layers.HLstms)
                    Compare(output, layers, layer, density, threads);
            }
        }
    }

    private static void Compare(TextWriter output, RecurrentLayers layers, HLstmLayer layer, double density, int threads)
    {
        var sparsity = new Sparsity(layer.Forward.Matrices().Select(matrix => ((Weight)matrix, density)));
        void Step(bool activeOnly)
        {
            sparsity.ActiveOnly = activeOnly;
            RecurrentLayers.Step(() => layers.Run(layer, fused: true));
        }

        new Contest($"{RecurrentLayers.Name(layer)}, forward and backward at density {density}, {layer.Forward.StateSize} units, batch {RecurrentLayers.Batch}, length {RecurrentLayers.Length}, {threads} thread(s)")
            .Add("all connections", () => Step(activeOnly: false))
            .Add("active connections", () => Step(activeOnly: true))
            .Add("nn.LSTM", () => RecurrentLayers.Step(() => layers.Library.call(layers.Input).Item1))
            .Run(output);
    }
}
