using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>
/// An LSTM cell whose gates are small networks (X. Dai, H. Yin, N. K. Jha, arXiv 1805.11797). With no hidden layers
/// it is the ordinary LSTM cell. Gates stand in the order i, f, g, o, as in <c>torch.nn.LSTM</c>.
/// </summary>
internal sealed class HLstmCell : nn.Module, IDropout
{
    [ThreadStatic]
    private static bool _composed;

    private readonly Weight _weightInput;
    private readonly Weight _weightRecurrent;
    private readonly Parameter _bias;
    private readonly List<Weight> _hiddenWeights = [];
    private readonly List<Parameter> _hiddenBiases = [];
    private readonly Weight? _outputWeight;
    private readonly Parameter? _outputBias;

    /// <summary>A cell with random weights from <paramref name="random"/>.</summary>
    public HLstmCell(string name, int inputSize, int stateSize, GateNetworkOptions gates, Initializer random) : base(name)
    {
        (InputSize, StateSize, Gates, Activation) = (inputSize, stateSize, gates, gates.Activation);
        int trunks = gates.Trunks, width = gates.HiddenSize;
        double outputBound = 1 / Math.Sqrt(stateSize);
        int rows = trunks == 0 ? 4 * stateSize : trunks * width;
        double firstBound = trunks == 0 ? outputBound : Initializer.KaimingBound(inputSize + stateSize);
        _weightInput = random.Uniform(firstBound, rows, inputSize);
        _weightRecurrent = random.Uniform(firstBound, rows, stateSize);
        _bias = trunks == 0 ? random.Uniform(outputBound, rows) : random.Zeros(rows);
        for (int layer = 1; layer < gates.HiddenLayers; layer++)
        {
            _hiddenWeights.Add(random.Uniform(Initializer.KaimingBound(width), trunks, width, width));
            _hiddenBiases.Add(random.Zeros(trunks, 1, width));
        }

        if (trunks > 0)
        {
            _outputWeight = random.Uniform(Initializer.KaimingBound(width), 4, stateSize, width);
            _outputBias = random.Uniform(outputBound, 4, 1, stateSize);
        }

        RegisterAll();
    }

    /// <summary>Width I of the input.</summary>
    public int InputSize { get; }

    /// <summary>Width H of the state.</summary>
    public int StateSize { get; }

    /// <summary>The gates' shape.</summary>
    public GateNetworkOptions Gates { get; }

    /// <summary>The activation now in force; the activation shift changes it.</summary>
    public GateActivation Activation { get; set; }

    public double DropoutShare { get; set; } = 1;

    /// <summary>First layer from the input: (R, I), R the first layer's width over all trunks, or 4H without hidden layers.</summary>
    public Weight WeightInput => _weightInput;

    /// <summary>First layer from the state: (R, H).</summary>
    public Weight WeightRecurrent => _weightRecurrent;

    /// <summary>Bias of the first layer: (R).</summary>
    public Parameter Bias => _bias;

    /// <summary>Further hidden layers, each (trunks, M, M).</summary>
    public IReadOnlyList<Weight> HiddenWeights => _hiddenWeights;

    /// <summary>Biases of further hidden layers, each (trunks, 1, M).</summary>
    public IReadOnlyList<Parameter> HiddenBiases => _hiddenBiases;

    /// <summary>Gate outputs (4, H, M); null without hidden layers.</summary>
    public Weight? OutputWeight => _outputWeight;

    /// <summary>Biases of gate outputs (4, 1, H); null without hidden layers.</summary>
    public Parameter? OutputBias => _outputBias;

    /// <summary>
    /// True to run whole sequences in the managed kernels where they can, which is the default; false to compose them of
    /// libtorch's operations, which is the reference. Of one thread, so that trainings at once do not disturb each other.
    /// </summary>
    internal static bool UseFused
    {
        get => !_composed;
        set => _composed = !value;
    }

    /// <summary>The parameters that a time step reads once the input is projected.</summary>
    public IEnumerable<Parameter> StepParameters()
    {
        yield return _weightRecurrent;
        for (int layer = 0; layer < _hiddenWeights.Count; layer++)
        {
            yield return _hiddenWeights[layer];
            yield return _hiddenBiases[layer];
        }

        if (_outputWeight is not null)
        {
            yield return _outputWeight;
            yield return _outputBias!;
        }
    }

    /// <summary>The matrices whose connections may be masked.</summary>
    public IEnumerable<Parameter> Matrices()
    {
        yield return _weightInput;
        yield return _weightRecurrent;
        foreach (Parameter weight in _hiddenWeights)
            yield return weight;
        if (_outputWeight is not null)
            yield return _outputWeight;
    }

    /// <summary>
    /// The input's part of the first layer, for all time steps in one product: (T, B, I) to (T, B, R).
    /// <paramref name="columns"/> takes only the first columns of the input weights.
    /// </summary>
    public Tensor ProjectInput(Tensor input, int? columns = null) => Products.Linear(input, _weightInput, _bias, columns);

    /// <summary>Dropout masks of the gates' hidden layers, one value for a sequence and unit; null outside training.</summary>
    public Tensor? DropoutMask(long batch, Generator? random) =>
        training && Dropout > 0 && Gates.Trunks > 0
            ? Dropouts.Mask([Gates.HiddenLayers, batch, Gates.Trunks * Gates.HiddenSize], Dropout, _weightInput, random)
            : null;

    /// <summary>One time step: projected input (B, R), state and cell (B, H) to the next state and cell.</summary>
    public (Tensor State, Tensor Cell) Step(Tensor projected, Tensor state, Tensor cell, Tensor? dropout)
    {
        Tensor first = addmm(projected, state, _weightRecurrent.t(), 1, 1);
        Tensor[] gates = Gates.Trunks == 0 ? first.chunk(4, 1) : GateNetworks(first, dropout);
        Tensor input = gates[0].sigmoid(), forget = gates[1].sigmoid(), candidate = gates[2].tanh(), output = gates[3].sigmoid();
        Tensor next = (forget * cell).PlusProduct(input, candidate);
        return (output * next.tanh(), next);
    }

    private Tensor[] GateNetworks(Tensor first, Tensor? dropout)
    {
        int trunks = Gates.Trunks, width = Gates.HiddenSize;
        long batch = first.shape[0];
        Tensor hidden = Drop(Activate(first), dropout, 0).view(batch, trunks, width).transpose(0, 1);
        for (int layer = 0; layer < _hiddenWeights.Count; layer++)
        {
            Tensor sum = bmm(hidden, _hiddenWeights[layer].transpose(1, 2)).PlusInPlace(_hiddenBiases[layer]);
            hidden = Activate(sum);
            if (dropout is not null)
                hidden *= dropout[layer + 1].view(batch, trunks, width).transpose(0, 1);
        }

        if (trunks == 1)
            hidden = hidden.expand(4, batch, width);
        return bmm(hidden, _outputWeight!.transpose(1, 2)).PlusInPlace(_outputBias!).unbind(0);
    }

    private double Dropout => Gates.Dropout * DropoutShare;

    private static Tensor Drop(Tensor hidden, Tensor? dropout, int layer) =>
        dropout is null ? hidden : hidden * dropout[layer];

    private Tensor Activate(Tensor sum) => Activation switch
    {
        GateActivation.LeakyRelu => sum.LeakyReluInPlace(),
        GateActivation.Relu => nn.functional.relu(sum, inplace: true),
        _ => sum.tanh(),
    };

    private void RegisterAll()
    {
        register_parameter("weight_input", _weightInput);
        register_parameter("weight_recurrent", _weightRecurrent);
        register_parameter("bias", _bias);
        for (int layer = 0; layer < _hiddenWeights.Count; layer++)
        {
            register_parameter($"hidden_weight_{layer}", _hiddenWeights[layer]);
            register_parameter($"hidden_bias_{layer}", _hiddenBiases[layer]);
        }

        if (_outputWeight is not null)
        {
            register_parameter("output_weight", _outputWeight);
            register_parameter("output_bias", _outputBias!);
        }
    }
}
