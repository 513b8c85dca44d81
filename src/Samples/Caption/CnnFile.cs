using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>A convolutional network in an ONNX file: what it reads and writes is asked of the file itself.</summary>
internal sealed class CnnFile
{
    private const int Channels = 3;

    private const int MostPixels = 10_000;

    // Of nested protocol buffers: what Google.Protobuf takes by itself.
    private const int RecursionLimit = 100;

    private readonly string _path;
    private readonly string _input;
    private readonly string _output;
    private readonly (int Height, int Width) _size;

    /// <param name="path">The file.</param>
    /// <param name="output">The output to take; null for the first.</param>
    /// <param name="size">Height and width of the input, where the file leaves them open.</param>
    /// <exception cref="SampleException">The file is missing or damaged, or the network does not read one image.</exception>
    /// <exception cref="UsageException">The size is out of its range or missing, or there is no such output.</exception>
    public CnnFile(string path, string? output, int? size)
    {
        if (!File.Exists(path))
            throw new SampleException($"The network {path} does not exist.");
        if (size is < 1 or > MostPixels)
            throw new UsageException($"--cnn-size is {size}; allowed is 1 to {MostPixels}.");
        _path = path;
        using InferenceSession session = Open(path);
        (_input, NodeMetadata input) = session.InputMetadata.Count == 1
            ? session.InputMetadata.First()
            : throw new SampleException($"The network {path} has {session.InputMetadata.Count} inputs; 1 is needed: an image.");
        if (input.Dimensions is not [_, Channels, int height, int width] || input.ElementType != typeof(float))
            throw new SampleException($"The network {path} reads [{string.Join(", ", input.Dimensions)}] of {input.ElementType.Name}; needed is [1, 3, height, width] of Single.");
        if ((height <= 0 || width <= 0) && size is null)
            throw new UsageException($"The network {path} reads images of any size: say one with --cnn-size.");
        _size = (height > 0 ? height : size!.Value, width > 0 ? width : size!.Value);
        string[] outputs = [.. session.OutputNames];
        _output = output ?? outputs[0];
        if (!outputs.Contains(_output))
            throw new UsageException($"--cnn-output is '{_output}'; the network {path} has {string.Join(", ", outputs)}.");
    }

    /// <summary>The name of the column of features.</summary>
    public string Output => _output;

    /// <summary>From the path of an image to its features.</summary>
    /// <param name="mlContext">Of the model.</param>
    /// <param name="pathColumnName">The column of paths.</param>
    /// <param name="scale">What pixels, 0 to 255, are multiplied by after <paramref name="offset"/> was subtracted.</param>
    /// <param name="offset">What is subtracted from pixels.</param>
    public IEstimator<ITransformer> CreateFeaturizer(MLContext mlContext, string pathColumnName, float scale, float offset) =>
        mlContext.Transforms.LoadImages("Image", imageFolder: null, inputColumnName: pathColumnName)
            .Append(mlContext.Transforms.ResizeImages("Image", _size.Width, _size.Height, resizing: Microsoft.ML.Transforms.Image.ImageResizingEstimator.ResizingKind.Fill))
            .Append(mlContext.Transforms.ExtractPixels(_input, "Image", scaleImage: scale, offsetImage: offset))
            .Append(mlContext.Transforms.ApplyOnnxModel(
                [_output], [_input], _path, new Dictionary<string, int[]> { [_input] = [1, Channels, _size.Height, _size.Width] },
                gpuDeviceId: null, fallbackToCpu: false, recursionLimit: RecursionLimit));

    private static InferenceSession Open(string path)
    {
        try
        {
            return new InferenceSession(path);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new SampleException($"The network {path} cannot be read: {exception.Message}");
        }
    }
}
