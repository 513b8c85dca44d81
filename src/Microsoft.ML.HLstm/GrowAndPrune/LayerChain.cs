namespace Microsoft.ML.HLstm.GrowAndPrune;

/// <summary>Affine layers, one after the other with an activation between, whose hidden units can be removed.</summary>
/// <param name="layers">Row-major weights (rows, columns) and biases (rows), first to last.</param>
/// <param name="activation">The activation between two layers.</param>
internal sealed class LayerChain(List<(float[,] Weight, float[] Bias)> layers, Func<float, float> activation)
{
    /// <summary>The layers as they are now.</summary>
    public IReadOnlyList<(float[,] Weight, float[] Bias)> Layers => layers;

    /// <summary>
    /// Removes hidden units without an input or without an output connection, again and again until none is left. A unit
    /// without inputs is constant: what it gave the next layer moves into that layer's bias.
    /// </summary>
    /// <param name="together">So many consecutive units are removed together or not at all.</param>
    /// <param name="from">The first layer whose units may be removed.</param>
    public void RemoveDeadUnits(int together, int from)
    {
        bool removed;
        do
        {
            removed = false;
            for (int layer = from; layer + 1 < layers.Count; layer++)
                removed |= RemoveBehind(layer, together);
        }
        while (removed);
    }

    /// <summary>Puts the units of the first hidden layer into another order.</summary>
    public void Order(IReadOnlyList<int> units)
    {
        (float[,] weight, float[] bias) = layers[0];
        layers[0] = (Rows(weight, units), [.. units.Select(unit => bias[unit])]);
        layers[1] = (Columns(layers[1].Weight, units), layers[1].Bias);
    }

    private bool RemoveBehind(int layer, int together)
    {
        (float[,] weight, float[] bias) = layers[layer];
        (float[,] next, float[] nextBias) = layers[layer + 1];
        var alive = new List<int>();
        foreach (int[] units in Enumerable.Range(0, bias.Length).Chunk(together))
        {
            if (units.Any(unit => AnyInRow(weight, unit) && AnyInColumn(next, unit)))
            {
                alive.AddRange(units);
                continue;
            }

            foreach (int unit in units.Where(unit => !AnyInRow(weight, unit)))
            {
                float constant = activation(bias[unit]);
                for (int row = 0; row < nextBias.Length; row++)
                    nextBias[row] += next[row, unit] * constant;
            }
        }

        if (alive.Count == bias.Length)
            return false;
        layers[layer] = (Rows(weight, alive), [.. alive.Select(unit => bias[unit])]);
        layers[layer + 1] = (Columns(next, alive), nextBias);
        return true;
    }

    private static bool AnyInRow(float[,] matrix, int row)
    {
        for (int column = 0; column < matrix.GetLength(1); column++)
        {
            if (matrix[row, column] != 0)
                return true;
        }

        return false;
    }

    private static bool AnyInColumn(float[,] matrix, int column)
    {
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            if (matrix[row, column] != 0)
                return true;
        }

        return false;
    }

    private static float[,] Rows(float[,] matrix, IReadOnlyList<int> rows)
    {
        var chosen = new float[rows.Count, matrix.GetLength(1)];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < matrix.GetLength(1); column++)
                chosen[row, column] = matrix[rows[row], column];
        }

        return chosen;
    }

    private static float[,] Columns(float[,] matrix, IReadOnlyList<int> columns)
    {
        var chosen = new float[matrix.GetLength(0), columns.Count];
        for (int row = 0; row < matrix.GetLength(0); row++)
        {
            for (int column = 0; column < columns.Count; column++)
                chosen[row, column] = matrix[row, columns[column]];
        }

        return chosen;
    }
}
