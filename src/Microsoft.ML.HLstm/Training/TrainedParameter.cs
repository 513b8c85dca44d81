using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Networks.Kernels;
using TorchSharp.Modules;

namespace Microsoft.ML.HLstm.Training;

/// <summary>A parameter of a network with what training keeps about it: mask, Adam's moments, moving average.</summary>
internal sealed class TrainedParameter
{
    private readonly Parameter _parameter;
    private MatrixConnections? _connections;
    private int _connectionsVersion;

    /// <summary>Takes over a contiguous float32 parameter in main memory.</summary>
    public TrainedParameter(string name, Parameter parameter, MaskedMatrices group, SparsityPattern pattern = SparsityPattern.Unstructured)
    {
        (Name, Group, _parameter) = (name, group, parameter);
        int length = checked((int)parameter.numel());
        FirstMoment = new float[length];
        SecondMoment = new float[length];
        Average = Values.ToArray();
        long[] shape = parameter.shape;
        if (group != MaskedMatrices.None)
            Matrix = new MaskedMatrix(name, shape.Length == 3 ? (int)shape[0] : 1, (int)shape[^2], (int)shape[^1], IsMultiplied ? pattern : SparsityPattern.Unstructured);
    }

    /// <summary>Name of the parameter.</summary>
    public string Name { get; }

    /// <summary>What the matrix belongs to; none when it is not masked.</summary>
    public MaskedMatrices Group { get; }

    /// <summary>True when the matrix is masked and multiplied; embeddings are only looked up, row by row.</summary>
    public bool IsMultiplied => (Group & ~MaskedMatrices.Embeddings) != 0;

    /// <summary>Which connections exist; null when all always do.</summary>
    public MaskedMatrix? Matrix { get; }

    /// <summary>The share of the learning rate that it is trained with.</summary>
    public double LearningRateShare { get; init; } = 1;

    /// <summary>False for what a forward pass counts, such as running means.</summary>
    public bool IsLearned => _parameter.requires_grad;

    /// <summary>The weights, in libtorch's own memory.</summary>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(_parameter.bytes);

    /// <summary>Adam's average of the gradient.</summary>
    public float[] FirstMoment { get; }

    /// <summary>Adam's average of the squared gradient.</summary>
    public float[] SecondMoment { get; }

    /// <summary>The moving average of the weights.</summary>
    public float[] Average { get; }

    /// <summary>Calls back with the gradient, in libtorch's own memory; not at all, and returns false, when there is none.</summary>
    public bool WithGradient(GradientAction action)
    {
        using TorchSharp.torch.Tensor? gradient = _parameter.grad;
        if (gradient is null)
            return false;
        action(MemoryMarshal.Cast<byte, float>(gradient.bytes));
        return true;
    }

    /// <summary>
    /// Tells the kernels which connections to compute: of a matrix that is sparse enough for this to be faster
    /// <paramref name="activeOnly"/>, or all, so that dormant connections get gradients.
    /// </summary>
    public void Compute(bool activeOnly)
    {
        if (_parameter is Weight weight && IsMultiplied)
            weight.Connections = activeOnly && Matrix!.ActiveCount <= ConnectionPattern.MaximumDensity * Matrix.Count ? Connections() : null;
    }

    /// <summary>Makes everything about dormant connections zero: weights, moments, average.</summary>
    public void ApplyMask()
    {
        if (Matrix is null)
            return;
        Span<float> values = Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (Matrix.Mask[i] == 0)
                values[i] = FirstMoment[i] = SecondMoment[i] = Average[i] = 0;
        }
    }

    /// <summary>Makes the connections whose weights are zero dormant, and only those that the pattern does not need.</summary>
    public void KeepConnections()
    {
        if (Matrix is null)
            return;
        Span<float> values = Values;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] == 0)
                Matrix.Deactivate(i);
        }

        Completion.Complete(Matrix);
    }

    /// <summary>Exchanges weights and their moving average.</summary>
    public void SwapAverage()
    {
        Span<float> values = Values;
        for (int i = 0; i < values.Length; i++)
            (values[i], Average[i]) = (Average[i], values[i]);
    }

    /// <summary>Writes weights, moments, average and connections, as they are between two steps, when gradients are zero.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Name);
        writer.Write(Values.Length);
        bool hasGradient = false;
        WithGradient(_ => hasGradient = true);
        writer.Write(hasGradient);
        foreach (float[] values in (float[][])[FirstMoment, SecondMoment, Average])
            writer.Write(MemoryMarshal.AsBytes<float>(values));
        writer.Write(MemoryMarshal.AsBytes(Values));
        if (Matrix is null)
            return;
        writer.Write((int)Matrix.Pattern);
        writer.Write(MaskBits.Pack(Matrix.Mask));
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is of another parameter.</exception>
    public void Read(BinaryReader reader)
    {
        (string name, int length, bool hasGradient) = (reader.ReadString(), reader.ReadInt32(), reader.ReadBoolean());
        if (name != Name || length != Values.Length)
            throw new InvalidDataException($"It has the parameter '{name}' of {length} values where the network has '{Name}' of {Values.Length}.");
        foreach (float[] values in (float[][])[FirstMoment, SecondMoment, Average])
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(Values));
        // A parameter that a batch does not use moves on by its moments, if it has a gradient at all.
        using (TorchSharp.torch.Tensor? gradient = _parameter.grad)
        {
            if (hasGradient && gradient is null)
            {
                using TorchSharp.torch.Tensor zero = TorchSharp.torch.zeros(_parameter.shape);
                _parameter.grad = zero;
            }
        }

        if (Matrix is not null)
        {
            var pattern = (SparsityPattern)reader.ReadInt32();
            Matrix.Restore(MaskBits.Unpack(reader.ReadBytes(MaskBits.Size(Matrix.Count)), Matrix.Count), pattern);
        }
    }

    private MatrixConnections Connections()
    {
        if (_connections is null || _connectionsVersion != Matrix!.Version)
            (_connections, _connectionsVersion) = (new MatrixConnections(Matrix!.Mask, Matrix.Blocks, Matrix.Rows, Matrix.Columns), Matrix.Version);
        return _connections;
    }

    /// <summary>What is done with a gradient.</summary>
    public delegate void GradientAction(Span<float> gradient);
}
