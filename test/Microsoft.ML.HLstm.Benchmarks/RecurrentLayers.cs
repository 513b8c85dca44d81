using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Recurrent layers of one width with input, batch 64 and length 20: the shape that every ratio is stated for.</summary>
internal sealed class RecurrentLayers : IDisposable
{
    public const int Batch = 64, Length = 20;
    private readonly SequenceMask _mask = new([.. Enumerable.Repeat(Length, Batch)]);

    public RecurrentLayers(int units)
    {
        using var random = new Generator(1);
        Input = randn([Length, Batch, units], generator: random);
        Library = nn.LSTM(units, units);
        Lstm = new HLstmLayer("lstm", units, units, GateNetworkOptions.None, false, new Initializer(random));
        HLstms = [.. ((int[])[GateNetworkOptions.DefaultWidth(units), units])
            .Select(width => new HLstmLayer("hlstm", units, units, new GateNetworkOptions(1, width, GateActivation.LeakyRelu, false, 0), false, new Initializer(random)))];
    }

    public Tensor Input { get; }

    public LSTM Library { get; }

    public HLstmLayer Lstm { get; }

    /// <summary>With gates of the default width, and with gates as wide as the state.</summary>
    public IReadOnlyList<HLstmLayer> HLstms { get; }

    /// <summary>The width of a layer's gates, for a name.</summary>
    public static string Name(HLstmLayer layer) => $"H-LSTM, gates of {layer.Forward.Gates.HiddenSize}";

    /// <summary>The outputs (T, B, H) of one of our layers, fused or composed.</summary>
    public Tensor Run(HLstmLayer layer, bool fused)
    {
        HLstmCell.UseFused = fused;
        return layer.Run(Input, _mask, null).Outputs;
    }

    /// <summary>Forward and backward.</summary>
    public static void Step(Func<Tensor> outputs)
    {
        using var scope = NewDisposeScope();
        outputs().sum().backward();
    }

    public void Dispose()
    {
        Input.Dispose();
        Library.Dispose();
        Lstm.Dispose();
        foreach (HLstmLayer layer in HLstms)
            layer.Dispose();
    }
}
