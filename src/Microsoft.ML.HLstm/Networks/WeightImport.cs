using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.Inference;
using TorchSharp.Modules;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Copies the plain arrays that scoring reads back into TorchSharp parameters: the reverse of <see cref="WeightExport"/>.</summary>
internal static class WeightImport
{
    /// <summary>Balanced patterns count in so many columns.</summary>
    private const int ColumnsTogether = 32;

    /// <summary>Sets a parameter.</summary>
    /// <exception cref="ArgumentException">It has another number of values; the message names it.</exception>
    public static void Values(Parameter parameter, ReadOnlySpan<float> values, string name)
    {
        Span<float> to = All(parameter);
        if (to.Length != values.Length)
            throw new ArgumentException($"The initial model has {values.Length} values in '{name}', and the options ask for {to.Length}; both must have the same sizes.");
        values.CopyTo(to);
    }

    /// <summary>Sets a matrix.</summary>
    public static void Matrix(Parameter parameter, WeightMatrix matrix) => Values(parameter, matrix.Values, matrix.Name);

    /// <summary>
    /// Sets the first rows of a matrix that may have more. Rows that are new keep their random values, in each 32 columns as
    /// many as the others have on average there, so that a sparse matrix stays what it is.
    /// </summary>
    /// <exception cref="ArgumentException">It has fewer rows or another width; the message names it.</exception>
    public static void Rows(Parameter parameter, WeightMatrix matrix)
    {
        int rows = (int)parameter.shape[0], columns = (int)parameter.shape[1];
        if (rows < matrix.Rows || columns != matrix.Columns)
            throw new ArgumentException($"The initial model has {matrix.Rows} x {matrix.Columns} values in '{matrix.Name}', and the options ask for {rows} x {columns}; both must have the same sizes.");
        Span<float> to = All(parameter);
        matrix.Values.CopyTo(to);
        for (int first = 0; rows > matrix.Rows && first < columns; first += ColumnsTogether)
        {
            int count = Math.Min(ColumnsTogether, columns - first), active = 0;
            for (int row = 0; row < matrix.Rows; row++)
                active += count - to.Slice(row * columns + first, count).Count(0f);
            int dormant = count - (active + matrix.Rows - 1) / Math.Max(1, matrix.Rows);
            for (int row = matrix.Rows; row < rows; row++)
                Thin(to.Slice(row * columns + first, count), dormant);
        }
    }

    /// <summary>Sets the first elements of an output bias. Outputs that are new are as improbable as the least probable one.</summary>
    /// <param name="parameter">The bias.</param>
    /// <param name="values">What is known of it.</param>
    /// <param name="ignored">Elements at the start that are no outputs.</param>
    public static void Outputs(Parameter parameter, ReadOnlySpan<float> values, int ignored)
    {
        Span<float> to = All(parameter);
        values.CopyTo(to);
        to[values.Length..].Fill(values.Length > ignored ? TensorPrimitives.Min(values[ignored..]) : 0);
    }

    /// <summary>Sets a matrix and its bias.</summary>
    public static void Layer(Parameter weight, Parameter bias, DenseLayer layer)
    {
        Matrix(weight, layer.Weight);
        Values(bias, layer.Bias, layer.Weight.Name + ".bias");
    }

    /// <summary>Sets a normalisation.</summary>
    public static void Normalization(BatchNormalization to, Normalization from)
    {
        Values(to.Scale, from.Scale, from.Name + ".scale");
        Values(to.Shift, from.Shift, from.Name + ".shift");
        Values(to.Mean, from.Mean, from.Name + ".mean");
        Values(to.Variance, from.Variance, from.Name + ".variance");
    }

    /// <summary>Sets a convolution with its normalisation.</summary>
    /// <exception cref="ArgumentException">The shapes differ; the message names the kernel.</exception>
    public static void Convolution(ConvolutionLayer to, ConvolutionWeights from)
    {
        if (from.Shape != to.Shape)
            throw new ArgumentException($"The initial model has {from.Shape} in '{from.Kernel.Name}', and the options ask for {to.Shape}; both must be the same.");
        Matrix(to.Kernel, from.Kernel);
        Normalization(to.Normalization, from.Normalization);
    }

    /// <summary>
    /// Sets a cell. Units of gates that compaction has removed come back without connections, for growth to give them some.
    /// </summary>
    /// <exception cref="ArgumentException">The sizes differ; the message names the cell.</exception>
    public static void Cell(HLstmCell cell, CellWeights weights)
    {
        string name = weights.Input.Name;
        int trunks = cell.Gates.Trunks, width = cell.Gates.HiddenSize, layers = cell.HiddenWeights.Count;
        if (weights.TrunkWidths.Length != trunks || weights.Hidden.Sum(trunk => trunk.Length) != layers * trunks)
            throw new ArgumentException($"The cell of '{name}' in the initial model has other gate hidden layers than the options ask for.");
        Same(name, "an input of width", weights.InputSize, cell.InputSize);
        Same(name, "a state of width", weights.StateSize, cell.StateSize);
        cell.Activation = weights.Activation;
        if (trunks == 0)
        {
            Matrix(cell.WeightInput, weights.Input);
            Matrix(cell.WeightRecurrent, weights.Recurrent);
            Values(cell.Bias, weights.Bias, name + ".bias");
            return;
        }

        foreach (Parameter parameter in (Parameter[])[cell.WeightInput, cell.WeightRecurrent, cell.Bias, .. cell.HiddenWeights, .. cell.HiddenBiases])
            All(parameter).Clear();
        All(cell.OutputWeight!).Clear();
        for (int trunk = 0, from = 0; trunk < trunks; from += weights.TrunkWidths[trunk++])
        {
            int units = weights.TrunkWidths[trunk];
            Place(cell.WeightInput, trunk * width, width, weights.Input, from, units);
            Place(cell.WeightRecurrent, trunk * width, width, weights.Recurrent, from, units);
            weights.Bias.AsSpan(from, units).CopyTo(All(cell.Bias)[(trunk * width)..]);
            for (int layer = 0; layer < layers; layer++)
                Block(cell.HiddenWeights[layer], cell.HiddenBiases[layer], trunk, width, weights.Hidden[trunk][layer]);
        }

        for (int gate = 0; gate < CellWeights.Gates; gate++)
            Block(cell.OutputWeight!, cell.OutputBias!, gate, cell.StateSize, weights.Output[gate]);
    }

    private static void Block(Parameter weight, Parameter bias, int block, int rows, DenseLayer layer)
    {
        Place(weight, block * rows, rows, layer.Weight, 0, layer.OutputSize);
        layer.Bias.CopyTo(All(bias)[(block * rows)..]);
    }

    /// <summary>Copies <paramref name="count"/> rows into a place for <paramref name="rows"/> of them that may be wider.</summary>
    private static void Place(Parameter to, int row, int rows, WeightMatrix from, int first, int count)
    {
        int columns = (int)to.shape[^1];
        if (count > rows || from.Columns > columns)
            throw new ArgumentException($"The initial model has {count} x {from.Columns} values in '{from.Name}', and the options ask for at most {rows} x {columns}.");
        for (int i = 0; i < count; i++)
            from.Row(first + i).CopyTo(All(to)[((row + i) * columns)..]);
    }

    /// <summary>Refuses a model of another kind.</summary>
    /// <exception cref="ArgumentException">The two differ.</exception>
    public static void Same<T>(string what, T has, T wanted)
    {
        if (!Equals(has, wanted))
            throw new ArgumentException($"The initial model has '{what}' = {has}, and the options ask for {wanted}; both must be the same.");
    }

    /// <summary>Makes the smallest magnitudes zero.</summary>
    private static void Thin(Span<float> values, int dormant)
    {
        Span<float> magnitudes = stackalloc float[ColumnsTogether];
        Span<int> order = stackalloc int[ColumnsTogether];
        for (int i = 0; i < values.Length; i++)
            (magnitudes[i], order[i]) = (MathF.Abs(values[i]), i);
        magnitudes[..values.Length].Sort(order[..values.Length]);
        foreach (int i in order[..dormant])
            values[i] = 0;
    }

    private static void Same(string name, string what, int has, int wanted)
    {
        if (has != wanted)
            throw new ArgumentException($"The cell of '{name}' in the initial model has {what} {has}, and the options ask for {wanted}; both must be the same.");
    }

    private static Span<float> All(Parameter parameter) => MemoryMarshal.Cast<byte, float>(parameter.bytes);
}
