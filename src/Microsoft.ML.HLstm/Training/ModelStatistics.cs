namespace Microsoft.ML.HLstm;

/// <summary>How large a model is. Biases are not counted.</summary>
/// <param name="RecurrentParameters">Weights that the recurrent layers would have if every connection were active.</param>
/// <param name="ActiveRecurrentParameters">Weights of the recurrent layers that are not zero.</param>
/// <param name="Parameters">All weights if every connection were active: recurrent layers, attention, projection, embeddings.</param>
/// <param name="ActiveParameters">All weights that are not zero.</param>
/// <param name="FlopsPerStep">2 × the non-zero weights that one scoring step reads.</param>
public sealed record ModelStatistics(
    long RecurrentParameters, long ActiveRecurrentParameters, long Parameters, long ActiveParameters, long FlopsPerStep);
