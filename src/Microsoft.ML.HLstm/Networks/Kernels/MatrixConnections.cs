namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Which connections of a parameter of matrices (blocks, N, K) exist, as patterns of what is multiplied by. A pattern is made when it is
/// first asked for: a matrix whose columns are multiplied in parts needs no pattern of the whole.
/// </summary>
/// <param name="mask">Not 0 where a connection exists; as it is, no copy, so other connections are other objects.</param>
/// <param name="blocks">Matrices.</param>
/// <param name="rows">Rows N of each.</param>
/// <param name="columns">Columns K of each.</param>
internal sealed class MatrixConnections(float[] mask, int blocks, int rows, int columns)
{
    private readonly Dictionary<(int Block, int First, int Count), ConnectionPattern> _patterns = [];

    /// <summary>Connections of all matrices.</summary>
    public int Count { get; } = (blocks * rows * columns) - mask.AsSpan(0, blocks * rows * columns).Count(0f);

    /// <summary>The pattern of one matrix.</summary>
    public ConnectionPattern Block(int block) => Pattern(block, 0, columns);

    /// <summary>The pattern of some columns of the first matrix.</summary>
    public ConnectionPattern Columns(int first, int count) => Pattern(0, first, count);

    private ConnectionPattern Pattern(int block, int first, int count)
    {
        if (!_patterns.TryGetValue((block, first, count), out ConnectionPattern? pattern))
            _patterns[(block, first, count)] = pattern = new ConnectionPattern(mask.AsSpan(block * rows * columns, rows * columns), block * rows * columns, columns, first, count);
        return pattern;
    }
}
