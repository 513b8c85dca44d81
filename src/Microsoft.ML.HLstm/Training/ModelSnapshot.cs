using System.Runtime.InteropServices;
using Microsoft.ML.HLstm.GrowAndPrune;

namespace Microsoft.ML.HLstm.Training;

/// <summary>Weights and masks of a network, kept so that it can go back to them. Its memory is used again and again.</summary>
internal sealed class ModelSnapshot(IReadOnlyList<TrainedParameter> parameters)
{
    private readonly float[][] _values = [.. parameters.Select(p => new float[p.Values.Length])];
    private readonly bool[]?[] _masks = [.. parameters.Select(p => p.Matrix is null ? null : new bool[p.Matrix.Count])];

    private readonly SparsityPattern[] _patterns = new SparsityPattern[parameters.Count];

    /// <summary>The gates' activation.</summary>
    public GateActivation Activation { get; private set; }

    /// <summary>The validation metric.</summary>
    public double Metric { get; private set; }

    /// <summary>Takes over the weights and masks that the network has now.</summary>
    public void Take(GateActivation activation, double metric)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            parameters[i].Values.CopyTo(_values[i]);
            if (_masks[i] is { } active)
            {
                MaskedMatrix matrix = parameters[i].Matrix!;
                _patterns[i] = matrix.Pattern;
                for (int c = 0; c < active.Length; c++)
                    active[c] = matrix.Mask[c] != 0;
            }
        }

        (Activation, Metric) = (activation, metric);
    }

    /// <summary>Takes over another one.</summary>
    public void Take(ModelSnapshot other)
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            other._values[i].CopyTo(_values[i], 0);
            other._masks[i]?.CopyTo(_masks[i]!, 0);
        }

        other._patterns.CopyTo(_patterns, 0);
        (Activation, Metric) = (other.Activation, other.Metric);
    }

    /// <summary>The mask of a parameter; null when it has none.</summary>
    public bool[]? Mask(int parameter) => _masks[parameter];

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write((int)Activation);
        writer.Write(Metric);
        for (int i = 0; i < parameters.Count; i++)
        {
            writer.Write(MemoryMarshal.AsBytes<float>(_values[i]));
            if (_masks[i] is not { } mask)
                continue;
            writer.Write((int)_patterns[i]);
            writer.Write(MaskBits.Pack(mask));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote for the same parameters.</summary>
    public void Read(BinaryReader reader)
    {
        (Activation, Metric) = ((GateActivation)reader.ReadInt32(), reader.ReadDouble());
        for (int i = 0; i < parameters.Count; i++)
        {
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(_values[i].AsSpan()));
            if (_masks[i] is not { } mask)
                continue;
            _patterns[i] = (SparsityPattern)reader.ReadInt32();
            MaskBits.Unpack(reader.ReadBytes(MaskBits.Size(mask.Length)), mask.Length).CopyTo(mask, 0);
        }
    }

    /// <summary>Gives the network these weights and masks.</summary>
    public void Restore()
    {
        for (int i = 0; i < parameters.Count; i++)
        {
            _values[i].CopyTo(parameters[i].Values);
            if (_masks[i] is { } mask)
                parameters[i].Matrix!.Restore(mask, _patterns[i]);
        }
    }
}
