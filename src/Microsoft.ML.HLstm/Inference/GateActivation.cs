namespace Microsoft.ML.HLstm;

/// <summary>The activation of the hidden layers inside gates.</summary>
public enum GateActivation
{
    /// <summary>max(x, 0.01 x): keeps a gradient everywhere, for growth.</summary>
    LeakyRelu,

    /// <summary>max(x, 0): its zeros cost no arithmetic.</summary>
    Relu,

    /// <summary>The hyperbolic tangent.</summary>
    Tanh,
}
