namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The weights of one H-LSTM cell. Gates are in PyTorch's order i, f, g, o everywhere.
/// <code>
/// a = act(Input x + Recurrent h + Bias)                first hidden layer of all trunks, stacked
/// a = act(Hidden[t][l] a)                              further hidden layers, trunk by trunk
/// i, f, o = sigmoid(Output[gate] a)   g = tanh(Output[2] a)
/// c' = f * c + i * g                  h' = o * tanh(c')
/// </code>
/// Without hidden layers the rows of <see cref="Input"/> and <see cref="Recurrent"/> are the gates themselves, and the
/// cell is an ordinary LSTM.
/// </summary>
internal sealed record CellWeights
{
    /// <summary>Gates of an LSTM.</summary>
    public const int Gates = 4;

    /// <summary>Slope of <see cref="GateActivation.LeakyRelu"/> below zero.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>Width I of the input x.</summary>
    public required int InputSize { get; init; }

    /// <summary>Width H of the state h and of the cell state c.</summary>
    public required int StateSize { get; init; }

    /// <summary>Activation of the hidden layers; of no effect where there are none.</summary>
    public required GateActivation Activation { get; init; }

    /// <summary>
    /// Widths of the first hidden layer: 4 where each gate has its own trunk, 1 where they share one, none in an ordinary
    /// LSTM. Widths may differ, and may be 0 once everything in a trunk has been pruned.
    /// </summary>
    public required int[] TrunkWidths { get; init; }

    /// <summary>[R, I], where R is the sum of <see cref="TrunkWidths"/>, or 4H without hidden layers.</summary>
    public required WeightMatrix Input { get; init; }

    /// <summary>[R, H].</summary>
    public required WeightMatrix Recurrent { get; init; }

    /// <summary>[R].</summary>
    public required float[] Bias { get; init; }

    /// <summary>
    /// Hidden layers after the first, [trunk][layer], each [width, width before]; as many (perhaps empty) arrays as
    /// <see cref="TrunkWidths"/> has elements.
    /// </summary>
    public required DenseLayer[][] Hidden { get; init; }

    /// <summary>Four layers [H, last width of the gate's trunk]; empty without hidden layers.</summary>
    public required DenseLayer[] Output { get; init; }

    /// <summary>True where the gates have hidden layers, false for an ordinary LSTM.</summary>
    public bool HasHiddenLayers => TrunkWidths.Length > 0;

    /// <summary>R: rows of <see cref="Input"/> and <see cref="Recurrent"/>.</summary>
    public int FirstLayerRows => HasHiddenLayers ? TrunkWidths.Sum() : Gates * StateSize;

    /// <summary>All matrices of the cell, in the order in which they are computed.</summary>
    public IEnumerable<WeightMatrix> Matrices =>
        [Input, Recurrent, .. Hidden.SelectMany(trunk => trunk).Select(l => l.Weight), .. Output.Select(l => l.Weight)];

    /// <summary>The trunk that <paramref name="gate"/> reads.</summary>
    public int TrunkOf(int gate) => TrunkWidths.Length == Gates ? gate : 0;

    /// <summary>Width of the last hidden layer of <paramref name="trunk"/>.</summary>
    public int LastWidth(int trunk) => Hidden[trunk] is [.., var last] ? last.OutputSize : TrunkWidths[trunk];

    /// <summary>Checks all shapes against each other.</summary>
    /// <exception cref="InvalidDataException">Something does not fit; the message names the matrix.</exception>
    public void Validate()
    {
        string name = Input.Name;
        if (StateSize is <= 0 or > int.MaxValue / Gates || InputSize <= 0)
            throw new InvalidDataException($"The cell of matrix '{name}' has input size {InputSize} and state size {StateSize}; both must be at least 1, and four states must be countable.");
        if (!Enum.IsDefined(Activation))
            throw new InvalidDataException($"The cell of matrix '{name}' has activation {(int)Activation}; {string.Join(", ", Enum.GetNames<GateActivation>())} are known.");
        if (TrunkWidths.Length is not (0 or 1 or Gates))
            throw new InvalidDataException($"The cell of matrix '{name}' has {TrunkWidths.Length} trunks; 0, 1 or 4 are allowed.");
        if (TrunkWidths.Any(width => width < 0) || TrunkWidths.Sum(width => (long)width) > int.MaxValue)
            throw new InvalidDataException($"The cell of matrix '{name}' has trunk widths {string.Join(", ", TrunkWidths)}; each must be at least 0.");

        ShapeCheck.Matrix(Input, FirstLayerRows, InputSize, "first layer, input");
        ShapeCheck.Matrix(Recurrent, FirstLayerRows, StateSize, "first layer, recurrent");
        ShapeCheck.Vector(Bias, FirstLayerRows, name, "first layer");
        ShapeCheck.Count(Hidden.Length, TrunkWidths.Length, $"arrays of hidden layers in the cell of matrix '{name}'");
        ShapeCheck.Count(Output.Length, HasHiddenLayers ? Gates : 0, $"gate outputs in the cell of matrix '{name}'");
        for (int trunk = 0; trunk < Hidden.Length; trunk++)
        {
            int width = TrunkWidths[trunk];
            foreach (DenseLayer layer in Hidden[trunk])
            {
                ShapeCheck.Layer(layer, layer.OutputSize, width, "hidden layer");
                width = layer.OutputSize;
            }
        }

        for (int gate = 0; gate < Output.Length; gate++)
            ShapeCheck.Layer(Output[gate], StateSize, LastWidth(TrunkOf(gate)), "gate output");
    }
}
