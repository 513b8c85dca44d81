using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Writes the parts that networks are made of; each task's network is a sequence of these.</summary>
/// <param name="writer">Receives the bytes.</param>
/// <param name="precision">Precision of the weights; biases are float32.</param>
internal sealed class WeightBlockWriter(BinaryWriter writer, WeightPrecision precision)
{
    private readonly MatrixWriter _matrices = new(writer, precision);

    /// <summary>Writes a yes or no.</summary>
    public void Flag(bool value) => writer.Write(value);

    /// <summary>Writes a number of 0 or more.</summary>
    public void Size(int value) => writer.Write(value);

    /// <summary>Writes <c>length i32 | float32 values</c>.</summary>
    public void Vector(float[] values, string name)
    {
        writer.Write(values.Length);
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new InvalidDataException($"The bias of matrix '{name}' has the value {value}; only finite numbers can be stored.");
            writer.Write(value);
        }
    }

    /// <summary>Writes a matrix.</summary>
    public void Matrix(WeightMatrix matrix) => _matrices.Write(matrix);

    /// <summary>Writes a matrix and its bias.</summary>
    public void Layer(DenseLayer layer)
    {
        Matrix(layer.Weight);
        Vector(layer.Bias, layer.Weight.Name);
    }

    /// <summary>Writes <c>count i32</c> and the layers.</summary>
    public void Layers(DenseLayer[] layers)
    {
        writer.Write(layers.Length);
        foreach (DenseLayer layer in layers)
            Layer(layer);
    }

    /// <summary>Writes a cell.</summary>
    public void Cell(CellWeights cell)
    {
        writer.Write(cell.InputSize);
        writer.Write(cell.StateSize);
        writer.Write((byte)cell.Activation);
        writer.Write((byte)cell.TrunkWidths.Length);
        foreach (int width in cell.TrunkWidths)
            writer.Write(width);
        Matrix(cell.Input);
        Matrix(cell.Recurrent);
        Vector(cell.Bias, cell.Input.Name);
        foreach (DenseLayer[] trunk in cell.Hidden)
            Layers(trunk);
        Layers(cell.Output);
    }

    /// <summary>Writes <c>count i32</c> and the cells.</summary>
    public void Cells(CellWeights[] cells)
    {
        writer.Write(cells.Length);
        foreach (CellWeights cell in cells)
            Cell(cell);
    }

    /// <summary>Writes <c>count i32</c> and the convolutions, each with its normalisation.</summary>
    public void Convolutions(ConvolutionWeights[] layers)
    {
        writer.Write(layers.Length);
        foreach (ConvolutionWeights layer in layers)
        {
            writer.Write(layer.InputChannels);
            writer.Write(layer.KernelFrames);
            writer.Write(layer.KernelBins);
            writer.Write(layer.StrideFrames);
            writer.Write(layer.StrideBins);
            Matrix(layer.Kernel);
            Normalization(layer.Normalization);
        }
    }

    /// <summary>Writes <c>count i32</c> and the normalisations.</summary>
    public void Normalizations(Normalization[] normalizations)
    {
        writer.Write(normalizations.Length);
        foreach (Normalization normalization in normalizations)
            Normalization(normalization);
    }

    private void Normalization(Normalization normalization)
    {
        _matrices.Name(normalization.Name);
        Vector(normalization.Scale, normalization.Name);
        Vector(normalization.Shift, normalization.Name);
        Vector(normalization.Mean, normalization.Name);
        Vector(normalization.Variance, normalization.Name);
    }
}
