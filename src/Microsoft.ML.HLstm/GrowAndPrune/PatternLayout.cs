namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>
/// How a pattern divides a matrix: into cells, whose connections are active or dormant together, and the cells into groups
/// of consecutive ones, which all have the same share of active cells. That share is a whole number of levels.
/// </summary>
internal sealed class PatternLayout
{
    /// <summary>Rows of a block.</summary>
    public const int BlockRows = 16;

    /// <summary>Columns that are balanced with each other.</summary>
    public const int BalancedColumns = 32;

    private readonly int _rows, _columns, _height, _cellsOfBlock, _groupsOfRow;

    /// <summary>Divides blocks of (rows, columns), one after the other.</summary>
    public PatternLayout(SparsityPattern pattern, int blocks, int rows, int columns)
    {
        bool balanced = pattern == SparsityPattern.Balanced32;
        (_rows, _columns) = (rows, columns);
        _height = pattern == SparsityPattern.Blocks16x1 ? BlockRows : 1;
        _cellsOfBlock = (rows + _height - 1) / _height * columns;
        _groupsOfRow = balanced ? (columns + BalancedColumns - 1) / BalancedColumns : 0;
        Cells = blocks * _cellsOfBlock;
        Groups = balanced ? blocks * rows * _groupsOfRow : 1;
        Levels = balanced ? Math.Min(BalancedColumns, columns) : Cells;
    }

    /// <summary>Number of cells.</summary>
    public int Cells { get; }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>The level of a matrix whose connections are all active: the cells of its first group.</summary>
    public int Levels { get; }

    /// <summary>The cells of a group.</summary>
    public (int First, int Count) Group(int group)
    {
        if (_groupsOfRow == 0)
            return (0, Cells);
        int start = group % _groupsOfRow * BalancedColumns;
        return (group / _groupsOfRow * _columns + start, Math.Min(BalancedColumns, _columns - start));
    }

    /// <summary>Active cells that a group of <paramref name="count"/> cells has at a level.</summary>
    public int ActiveOf(int count, int level) =>
        count == Levels ? level : Math.Max(1, (int)Math.Round((double)level * count / Levels, MidpointRounding.AwayFromZero));

    /// <summary>The lowest level whose density is not below <paramref name="density"/>.</summary>
    public int LevelOf(double density) => Math.Max(1, (int)Math.Ceiling(density * Levels));

    /// <summary>The connections of a cell: the first one, and how many there are, a row apart.</summary>
    public (int First, int Count) Cell(int cell)
    {
        if (_height == 1)
            return (cell, 1);
        (int block, int inside) = Math.DivRem(cell, _cellsOfBlock);
        (int line, int column) = Math.DivRem(inside, _columns);
        return ((block * _rows + line * _height) * _columns + column, Math.Min(_height, _rows - line * _height));
    }

    /// <summary>The cell that a connection belongs to.</summary>
    public int CellOf(int connection)
    {
        if (_height == 1)
            return connection;
        (int row, int column) = Math.DivRem(connection, _columns);
        return row / _rows * _cellsOfBlock + row % _rows / _height * _columns + column;
    }

    /// <summary>The score of each cell: the sum over its connections.</summary>
    public double[] Sums(ReadOnlySpan<float> scores)
    {
        var sums = new double[Cells];
        for (int cell = 0; cell < sums.Length; cell++)
        {
            (int first, int count) = Cell(cell);
            for (int i = 0; i < count; i++)
                sums[cell] += scores[first + i * _columns];
        }

        return sums;
    }
}
