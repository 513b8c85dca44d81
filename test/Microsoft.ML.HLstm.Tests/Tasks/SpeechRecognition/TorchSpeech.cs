using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>
/// A speech recogniser put together from the library's own operations: convolution, batch normalisation, and <c>nn.LSTM</c>
/// where gates have no hidden layers; only gates that have some are this project's layer. The benchmarks use it as well.
/// </summary>
internal sealed class TorchSpeech : IDisposable
{
    private readonly SpeechWeights _weights;
    private readonly bool _gradients;
    private readonly Func<Tensor, Tensor>[][] _layers;
    private readonly Tensor[] _kernels;
    private readonly Tensor[][] _normalizations;
    private readonly Tensor _output, _bias;
    private readonly List<IDisposable> _modules = [];

    /// <summary>A recogniser with these weights.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="gradients">
    /// True for results to compare with: without gradients libtorch 2.10 gives its LSTM to oneDNN, which for 16 units computes something else on some processors (AMD's Zen 5).
    /// False for the time that libtorch needs.
    /// </param>
    public TorchSpeech(SpeechWeights weights, bool gradients = true)
    {
        (_weights, _gradients) = (weights, gradients);
        _kernels = [.. weights.Convolutions.Select(layer => tensor(layer.Kernel.Values, [layer.OutputChannels, layer.InputChannels, layer.KernelFrames, layer.KernelBins]))];
        _normalizations = [.. weights.Convolutions.Select(layer => layer.Normalization).Concat(weights.Normalizations).Select(
            normalization => new[] { tensor(normalization.Mean), tensor(normalization.Variance), tensor(normalization.Scale), tensor(normalization.Shift) })];
        _layers = [.. weights.Forward.Select((cell, layer) => weights.Bidirectional ? new[] { Direction(cell), Direction(weights.Backward[layer]) } : [Direction(cell)])];
        _output = tensor(weights.Output.Weight.Values, [weights.Output.OutputSize, weights.Output.InputSize]);
        _bias = tensor(weights.Output.Bias);
    }

    /// <summary>[steps, labels].</summary>
    public float[] LogProbabilities(float[] frames)
    {
        using IDisposable? mode = _gradients ? null : no_grad();
        using var scope = NewDisposeScope();
        Tensor x = tensor(frames, [1, 1, frames.Length / _weights.FrameWidth, _weights.FrameWidth]);
        for (int i = 0; i < _kernels.Length; i++)
        {
            ConvolutionWeights layer = _weights.Convolutions[i];
            x = nn.functional.conv2d(x, _kernels[i], strides: [layer.StrideFrames, layer.StrideBins], padding: [layer.KernelFrames / 2, layer.KernelBins / 2]);
            x = Normalize(x, _normalizations[i]).Within(0, ConvolutionWeights.Ceiling);
        }

        x = x.permute(2, 0, 1, 3).reshape(x.shape[2], 1, x.shape[1] * x.shape[3]);
        for (int i = 0; i < _layers.Length; i++)
        {
            Tensor forward = _layers[i][0](x);
            if (_weights.Bidirectional)
            {
                Tensor backward = _layers[i][1](x.flip(0)).flip(0);
                forward = _weights.SumDirections ? forward.Plus(backward) : cat([forward, backward], 2);
            }

            x = Normalize(forward.squeeze(1), _normalizations[_kernels.Length + i]).unsqueeze(1);
        }

        return nn.functional.log_softmax(nn.functional.linear(x.squeeze(1), _output, _bias), 1).detach().data<float>().ToArray();
    }

    public void Dispose()
    {
        foreach (IDisposable part in (IDisposable[])[.. _kernels, .. _normalizations.SelectMany(statistics => statistics), _output, _bias, .. _modules])
            part.Dispose();
    }

    private static Tensor Normalize(Tensor x, Tensor[] statistics) => nn.functional.batch_norm(
        x, statistics[0], statistics[1], statistics[2], statistics[3], training: false, eps: Normalization.Epsilon);

    /// <summary>From (T, 1, I) to (T, 1, H).</summary>
    private Func<Tensor, Tensor> Direction(CellWeights cell)
    {
        if (!cell.HasHiddenLayers)
        {
            LSTM library = nn.LSTM(cell.InputSize, cell.StateSize);
            Dictionary<string, Parameter> parameters = library.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
            WeightImport.Values(parameters["weight_ih_l0"], cell.Input.Values, cell.Input.Name);
            WeightImport.Values(parameters["weight_hh_l0"], cell.Recurrent.Values, cell.Recurrent.Name);
            WeightImport.Values(parameters["bias_ih_l0"], cell.Bias, cell.Input.Name);
            WeightImport.Values(parameters["bias_hh_l0"], new float[cell.Bias.Length], cell.Input.Name);
            library.eval();
            _modules.Add(library);
            return x => library.call(x).Item1;
        }

        using var random = new Generator(1);
        int widest = Math.Max(cell.TrunkWidths.Max(), cell.Hidden.SelectMany(trunk => trunk).Select(hidden => hidden.OutputSize).DefaultIfEmpty().Max());
        var gates = new GateNetworkOptions(1 + cell.Hidden[0].Length, widest, cell.Activation, cell.TrunkWidths.Length == 1, 0);
        var layer = new HLstmLayer("layer", cell.InputSize, cell.StateSize, gates, false, new Initializer(random));
        WeightImport.Cell(layer.Forward, cell);
        layer.eval();
        _modules.Add(layer);
        return x => layer.Run(x, new SequenceMask([(int)x.shape[0]]), null).Outputs;
    }
}
