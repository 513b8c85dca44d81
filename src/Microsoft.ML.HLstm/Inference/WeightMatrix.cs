using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A trained weight matrix as plain numbers, the only form in which training hands weights to scoring and to the model
/// file. A connection that does not exist is exactly zero. Takes 4, 2 or 1 bytes a weight, as its precision says.
/// </summary>
internal sealed record WeightMatrix
{
    private readonly float[] _singles = [];
    private readonly Half[] _halves = [];
    private readonly sbyte[] _levels = [];
    private readonly float[] _rowScales = [];

    /// <summary>Wraps <paramref name="values"/>, which is not copied.</summary>
    /// <param name="name">What the matrix is called in errors and in the model file, such as <c>decoder.0.input</c>.</param>
    /// <param name="rows">Outputs; 0 or more.</param>
    /// <param name="columns">Inputs; 0 or more.</param>
    /// <param name="values">Row-major, <c>rows * columns</c> finite numbers.</param>
    /// <exception cref="InvalidDataException">The shape and the number of values disagree.</exception>
    public WeightMatrix(string name, int rows, int columns, float[] values)
        : this(name, rows, columns, WeightPrecision.Single, values.Length) => _singles = values;

    /// <summary>Wraps <paramref name="values"/>, which is not copied.</summary>
    /// <inheritdoc cref="WeightMatrix(string, int, int, float[])"/>
    public WeightMatrix(string name, int rows, int columns, Half[] values)
        : this(name, rows, columns, WeightPrecision.Half, values.Length) => _halves = values;

    /// <summary>Wraps <paramref name="levels"/> and <paramref name="rowScales"/>, which are not copied.</summary>
    /// <param name="name">What the matrix is called in errors and in the model file.</param>
    /// <param name="rows">Outputs; 0 or more.</param>
    /// <param name="columns">Inputs; 0 or more.</param>
    /// <param name="levels">Row-major, <c>rows * columns</c> numbers from -127 to 127.</param>
    /// <param name="rowScales">[rows], each finite and at least 0, above 0 where the row has a level that is not 0.</param>
    /// <exception cref="InvalidDataException">The shape and the number of levels or scales disagree.</exception>
    public WeightMatrix(string name, int rows, int columns, sbyte[] levels, float[] rowScales)
        : this(name, rows, columns, WeightPrecision.Int8, levels.Length)
    {
        if (rowScales.Length != rows)
            throw new InvalidDataException($"Matrix '{name}' has {rows} rows and {rowScales.Length} row scales; one a row is needed.");
        (_levels, _rowScales) = (levels, rowScales);
    }

    private WeightMatrix(string name, int rows, int columns, WeightPrecision precision, int values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (rows < 0 || columns < 0 || (long)rows * columns != values)
        {
            throw new InvalidDataException(
                $"Matrix '{name}' is said to be {rows} x {columns} but has {values} values; rows * columns values are needed.");
        }

        (Name, Rows, Columns, Precision, Count) = (name, rows, columns, precision, values);
    }

    /// <summary>What the matrix is called in errors and in the model file.</summary>
    public string Name { get; }

    /// <summary>Outputs of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Inputs of the matrix.</summary>
    public int Columns { get; }

    /// <summary>Possible connections: <c>Rows * Columns</c>.</summary>
    public int Count { get; }

    /// <summary>How the weights are kept.</summary>
    public WeightPrecision Precision { get; }

    /// <summary>
    /// The weights, row-major: row r, column c at <c>r * Columns + c</c>. The array itself at
    /// <see cref="WeightPrecision.Single"/>; at less, every call makes a new one.
    /// </summary>
    public float[] Values
    {
        get
        {
            if (Precision == WeightPrecision.Single)
                return _singles;
            float[] values = new float[Count];
            if (Precision == WeightPrecision.Half)
            {
                HalfConversion.ToSingle(_halves, values);
                return values;
            }

            for (int row = 0; row < Rows; row++)
                CopyRow(row, values.AsSpan(row * Columns, Columns));
            return values;
        }
    }

    /// <summary>The weights of <see cref="WeightPrecision.Half"/>, row-major; empty at any other precision.</summary>
    public ReadOnlyMemory<Half> Halves => _halves;

    /// <summary>
    /// The weights of <see cref="WeightPrecision.Int8"/> in units of their row's scale, row-major, -127 to 127: weight (r, c)
    /// is <c>RowScales[r] * Levels[r * Columns + c]</c> in float32. Empty at any other precision.
    /// </summary>
    public ReadOnlyMemory<sbyte> Levels => _levels;

    /// <summary>[<see cref="Rows"/>] at <see cref="WeightPrecision.Int8"/>, empty at any other precision.</summary>
    public ReadOnlyMemory<float> RowScales => _rowScales;

    /// <summary>Connections that exist: weights that are not zero. Counted at every call.</summary>
    public int ActiveConnections => Precision switch
    {
        WeightPrecision.Int8 => Count - _levels.AsSpan().Count((sbyte)0),
        // As bits, which are counted in vectors; both zeros.
        WeightPrecision.Half => Count - HalfBits.Count((ushort)0) - HalfBits.Count(BitConverter.HalfToUInt16Bits(Half.NegativeZero)),
        _ => Count - _singles.AsSpan().Count(0f),
    };

    private ReadOnlySpan<ushort> HalfBits => MemoryMarshal.Cast<Half, ushort>(_halves);

    /// <summary>Fraction of possible connections that exist; 0 for a matrix without any room for one.</summary>
    public double Density => Count == 0 ? 0 : (double)ActiveConnections / Count;

    /// <summary>Row <paramref name="row"/>: a view at <see cref="WeightPrecision.Single"/>, a copy at less.</summary>
    public ReadOnlySpan<float> Row(int row)
    {
        if (Precision == WeightPrecision.Single)
            return _singles.AsSpan(row * Columns, Columns);
        float[] values = new float[Columns];
        CopyRow(row, values);
        return values;
    }

    /// <summary>Copies row <paramref name="row"/>: for an embedding, the vector of the token with that id. Allocates nothing.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public void CopyRow(int row, Span<float> values)
    {
        int start = row * Columns;
        switch (Precision)
        {
            case WeightPrecision.Int8:
                ReadOnlySpan<sbyte> levels = _levels.AsSpan(start, Columns);
                for (int column = 0; column < levels.Length; column++)
                    values[column] = _rowScales[row] * levels[column];
                break;
            case WeightPrecision.Half:
                HalfConversion.ToSingle(_halves.AsSpan(start, Columns), values);
                break;
            default:
                _singles.AsSpan(start, Columns).CopyTo(values);
                break;
        }
    }
}
