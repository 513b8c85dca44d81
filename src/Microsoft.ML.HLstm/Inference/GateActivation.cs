namespace Microsoft.ML.HLstm;

/// <summary>The activation of the hidden layers inside the gates of an H-LSTM cell.</summary>
public enum GateActivation
{
    /// <summary><c>max(a, 0.01 a)</c>: what a network grows with, because every unit keeps a gradient.</summary>
    LeakyRelu,

    /// <summary><c>max(a, 0)</c>: what a network is pruned with, because its exact zeros cost no arithmetic.</summary>
    Relu,

    /// <summary><c>tanh(a)</c>.</summary>
    Tanh,
}
