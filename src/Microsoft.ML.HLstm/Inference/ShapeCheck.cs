namespace Microsoft.ML.HLstm.Inference;

/// <summary>Checks of shapes that name the matrix, what it has and what it should have.</summary>
internal static class ShapeCheck
{
    /// <summary>Checks that a matrix is [<paramref name="rows"/>, <paramref name="columns"/>].</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static void Matrix(WeightMatrix matrix, int rows, int columns, string role)
    {
        if (matrix.Rows != rows || matrix.Columns != columns)
        {
            throw new InvalidDataException(
                $"Matrix '{matrix.Name}' ({role}) is {matrix.Rows} x {matrix.Columns}; {rows} x {columns} is needed.");
        }
    }

    /// <summary>Checks that a layer is [<paramref name="rows"/>, <paramref name="columns"/>] and that its bias fits.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public static void Layer(DenseLayer layer, int rows, int columns, string role)
    {
        Matrix(layer.Weight, rows, columns, role);
        Vector(layer.Bias, rows, layer.Weight.Name, role);
    }

    /// <summary>Checks the length of the bias that belongs to the matrix <paramref name="name"/>.</summary>
    /// <exception cref="InvalidDataException">It differs.</exception>
    public static void Vector(float[] bias, int length, string name, string role)
    {
        if (bias.Length != length)
        {
            throw new InvalidDataException(
                $"The bias of matrix '{name}' ({role}) has {bias.Length} values; {length} are needed.");
        }
    }

    /// <summary>Checks how many parts (layers, gates, trunks) something has.</summary>
    /// <exception cref="InvalidDataException">The count differs.</exception>
    public static void Count(int count, int needed, string what)
    {
        if (count != needed)
            throw new InvalidDataException($"There are {count} {what}; {needed} are needed.");
    }

    /// <summary>Checks that a cell reads what the layer below it gives.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    public static void InputSize(CellWeights cell, int width)
    {
        if (cell.InputSize != width)
            throw new InvalidDataException($"The cell of matrix '{cell.Input.Name}' reads {cell.InputSize} numbers; the layer below gives {width}.");
    }

    /// <summary>Checks that an embedding has the special tokens.</summary>
    /// <exception cref="InvalidDataException">It has not.</exception>
    public static void Vocabulary(WeightMatrix embedding)
    {
        if (embedding.Rows < SpecialTokens.Count)
            throw new InvalidDataException($"Matrix '{embedding.Name}' has {embedding.Rows} rows; a vocabulary has at least the {SpecialTokens.Count} special tokens.");
    }
}
