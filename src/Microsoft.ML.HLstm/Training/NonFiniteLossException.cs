namespace Microsoft.ML.HLstm.Training;

/// <summary>A loss or gradient that is not a finite number.</summary>
internal sealed class NonFiniteLossException(string message) : Exception(message);
