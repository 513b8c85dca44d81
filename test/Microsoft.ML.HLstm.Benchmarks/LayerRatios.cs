using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Forward and backward of one recurrent layer against the library's LSTM.</summary>
internal static class LayerRatios
{
    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        foreach (int units in (int[])[256, 512])
        {
            using var layers = new RecurrentLayers(units);
            Contest contest = new Contest($"One layer forward and backward, {units} units, batch {RecurrentLayers.Batch}, length {RecurrentLayers.Length}, {threads} thread(s)")
                .Add("nn.LSTM", () => RecurrentLayers.Step(() => layers.Library.call(layers.Input).Item1))
                .Add("our LSTM", () => RecurrentLayers.Step(() => layers.Run(layers.Lstm, fused: true)));
            foreach (HLstmLayer layer in layers.HLstms)
            {
                contest.Add(RecurrentLayers.Name(layer), () => RecurrentLayers.Step(() => layers.Run(layer, fused: true)))
                    .Add($"{RecurrentLayers.Name(layer)}, composed of library operations", () => RecurrentLayers.Step(() => layers.Run(layer, fused: false)));
            }

            contest.Run(output);
        }
    }
}
