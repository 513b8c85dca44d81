using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Benchmarks.Onnx;

/// <summary>A named tensor of an ONNX model (TensorProto of onnx.proto).</summary>
internal sealed record OnnxTensor(string Name, int ElementType, long[] Shape, byte[] Data)
{
    /// <summary>TensorProto.DataType.</summary>
    public const int Float32 = 1, Int8 = 3;

    public static OnnxTensor Of(string name, float[] values, params long[] shape) =>
        new(name, Float32, shape, MemoryMarshal.AsBytes<float>(values).ToArray());

    public static OnnxTensor Of(string name, sbyte[] values, params long[] shape) =>
        new(name, Int8, shape, MemoryMarshal.AsBytes<sbyte>(values).ToArray());

    public ProtobufMessage ToMessage()
    {
        var message = new ProtobufMessage();
        foreach (long length in Shape)
            message.Number(1, length);
        return message.Number(2, ElementType).Text(8, Name).Bytes(9, Data);
    }

    /// <summary>A graph's input or output of float32 (ValueInfoProto).</summary>
    public static ProtobufMessage Value(string name, params long[] shape)
    {
        var dimensions = new ProtobufMessage();
        foreach (long length in shape)
            dimensions.Message(1, new ProtobufMessage().Number(1, length));
        ProtobufMessage tensor = new ProtobufMessage().Number(1, Float32).Message(2, dimensions);
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, tensor));
    }
}
