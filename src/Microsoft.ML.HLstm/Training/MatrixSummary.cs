namespace Microsoft.ML.HLstm;

/// <summary>The connections of one masked matrix, or of one gate's part of it, over a training run.</summary>
/// <param name="Name">The matrix's name in the network.</param>
/// <param name="Gate">"i", "f", "g" or "o" (input, forget, cell, output gate) where the rows are one gate's, else empty.</param>
/// <param name="Group">What the matrix belongs to.</param>
/// <param name="Pattern">The pattern that its connections have in the end.</param>
/// <param name="Rows">Output units.</param>
/// <param name="Columns">Input units.</param>
/// <param name="SeededConnections">Active connections when training began.</param>
/// <param name="GrownConnections">Active connections after growth.</param>
/// <param name="ReturnedConnections">Active connections of the model that was returned, before units were removed.</param>
public sealed record MatrixSummary(
    string Name, string Gate, MaskedMatrices Group, SparsityPattern Pattern, int Rows, int Columns,
    long SeededConnections, long GrownConnections, long ReturnedConnections)
{
    /// <summary>
    /// Where the connections were after growth, of gates only: a picture of at most 64 rows of at most 64 hexadecimal digits.
    /// Each stands for an equal share of rows and columns: 0 without a connection, f with all of them, in between rounded.
    /// </summary>
    public IReadOnlyList<string> GrownPicture { get; init; } = [];

    /// <summary>Where the connections of the model that was returned are, of gates only; like <see cref="GrownPicture"/>.</summary>
    public IReadOnlyList<string> ReturnedPicture { get; init; } = [];
}
