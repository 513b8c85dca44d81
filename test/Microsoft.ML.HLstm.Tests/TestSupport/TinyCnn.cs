using Microsoft.ML.HLstm.Benchmarks.Onnx;

namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Writes an ONNX network of an image with three channels: the mean, or the maximum, of each channel.</summary>
internal static class TinyCnn
{
    private const int Single = 1;

    /// <summary>Writes the file; its input is <c>image</c> [1, 3, size, size] and its output <c>features</c> [1, 3].</summary>
    public static string Write(string path, int size, bool maximum = false)
    {
        ProtobufMessage graph = new ProtobufMessage()
            .Message(1, Node(maximum ? "GlobalMaxPool" : "GlobalAveragePool", "image", "pooled"))
            .Message(1, Node("Flatten", "pooled", "features"))
            .Text(2, "tiny")
            .Message(11, Value("image", 1, 3, size, size))
            .Message(12, Value("features", 1, 3));
        ProtobufMessage model = new ProtobufMessage().Number(1, 8).Message(7, graph).Message(8, new ProtobufMessage().Text(1, "").Number(2, 13));
        File.WriteAllBytes(path, model.ToArray());
        return path;
    }

    private static ProtobufMessage Node(string type, string input, string output) =>
        new ProtobufMessage().Text(1, input).Text(2, output).Text(3, output).Text(4, type);

    private static ProtobufMessage Value(string name, params int[] dimensions)
    {
        var shape = new ProtobufMessage();
        foreach (int dimension in dimensions)
            shape.Message(1, new ProtobufMessage().Number(1, dimension));
        return new ProtobufMessage().Text(1, name).Message(2, new ProtobufMessage().Message(1, new ProtobufMessage().Number(1, Single).Message(2, shape)));
    }
}
