namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A trained weight matrix as plain numbers, the only form in which training hands weights to scoring and to the model
/// file. A connection that does not exist is exactly zero.
/// </summary>
internal sealed record WeightMatrix
{
    /// <summary>Wraps <paramref name="values"/>, which is not copied.</summary>
    /// <param name="name">What the matrix is called in errors and in the model file, such as <c>decoder.0.input</c>.</param>
    /// <param name="rows">Outputs; 0 or more.</param>
    /// <param name="columns">Inputs; 0 or more.</param>
    /// <param name="values">Row-major, <c>rows * columns</c> finite numbers.</param>
    /// <exception cref="InvalidDataException">The shape and the number of values disagree.</exception>
    public WeightMatrix(string name, int rows, int columns, float[] values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(values);
        if (rows < 0 || columns < 0 || (long)rows * columns != values.Length)
        {
            throw new InvalidDataException(
                $"Matrix '{name}' is said to be {rows} x {columns} but has {values.Length} values; rows * columns values are needed.");
        }

        Name = name;
        Rows = rows;
        Columns = columns;
        Values = values;
    }

    /// <summary>What the matrix is called in errors and in the model file.</summary>
    public string Name { get; }

    /// <summary>Outputs of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Inputs of the matrix.</summary>
    public int Columns { get; }

    /// <summary>The weights, row-major: row r, column c at <c>r * Columns + c</c>.</summary>
    public float[] Values { get; }

    /// <summary>Connections that exist: weights that are not zero. Counted at every call.</summary>
    public int ActiveConnections
    {
        get
        {
            int active = 0;
            foreach (float value in Values)
                active += value != 0f ? 1 : 0;
            return active;
        }
    }

    /// <summary>Fraction of possible connections that exist; 0 for a matrix without any room for one.</summary>
    public double Density => Values.Length == 0 ? 0 : (double)ActiveConnections / Values.Length;

    /// <summary>Row <paramref name="row"/>: for an embedding, the vector of the token with that id.</summary>
    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Columns, Columns);
}
