using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Carries an encoder layer's final state (B, C) over to the initial state (B, H) of a decoder layer.</summary>
internal sealed class Bridge : nn.Module
{
    /// <summary>A bridge with random weights.</summary>
    public Bridge(string name, int memorySize, int stateSize, Initializer random) : base(name)
    {
        double bound = Initializer.XavierBound(memorySize, stateSize);
        StateWeight = random.Uniform(bound, stateSize, memorySize);
        StateBias = random.Zeros(stateSize);
        CellWeight = random.Uniform(bound, stateSize, memorySize);
        CellBias = random.Zeros(stateSize);
        register_parameter("state_weight", StateWeight);
        register_parameter("state_bias", StateBias);
        register_parameter("cell_weight", CellWeight);
        register_parameter("cell_bias", CellBias);
    }

    /// <summary>For the state (H, C).</summary>
    public Weight StateWeight { get; }

    /// <summary>For the state (H).</summary>
    public Parameter StateBias { get; }

    /// <summary>For the cell (H, C).</summary>
    public Weight CellWeight { get; }

    /// <summary>For the cell (H).</summary>
    public Parameter CellBias { get; }

    /// <summary>tanh of a linear map for the state, which lies in ±1; a linear map for the cell, which does not.</summary>
    public (Tensor State, Tensor Cell) Cross(Tensor state, Tensor cell) =>
        (Products.Linear(state, StateWeight, StateBias).tanh(), Products.Linear(cell, CellWeight, CellBias));
}
