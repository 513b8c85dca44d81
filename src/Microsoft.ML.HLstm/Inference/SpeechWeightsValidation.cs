namespace Microsoft.ML.HLstm.Inference;

/// <summary>The shapes of a speech recogniser, checked against each other.</summary>
internal static class SpeechWeightsValidation
{
    private const int MostKernel = 101, MostStride = 16, MostChannels = 1024;

    /// <summary>Checks the convolutions, every cell and everything between them.</summary>
    /// <exception cref="InvalidDataException">Something does not fit; the message names it.</exception>
    public static void Validate(this SpeechWeights weights)
    {
        if (weights.FrameWidth < 1)
            throw new InvalidDataException($"The frames are said to have {weights.FrameWidth} numbers; at least 1 is needed.");
        if (weights.Convolutions.Length == 0 || weights.Forward.Length == 0)
            throw new InvalidDataException($"There are {weights.Convolutions.Length} convolutions and {weights.Forward.Length} recurrent layers; at least 1 of each is needed.");
        if (weights.Bidirectional)
            ShapeCheck.Count(weights.Backward.Length, weights.Forward.Length, "backward recurrent layers");
        ShapeCheck.Count(weights.Normalizations.Length, weights.Forward.Length, "normalizations of recurrent layers");
        foreach (CellWeights cell in weights.Cells)
            cell.Validate();
        long width = Convolutions(weights);
        for (int layer = 0; layer < weights.Forward.Length; layer++)
        {
            InputSize(weights.Forward[layer], width);
            if (weights.Bidirectional)
                Backward(weights, layer, width);
            width = weights.LayerWidth(layer);
            Normalization(weights.Normalizations[layer], (int)width, "recurrent layer");
        }

        ShapeCheck.Layer(weights.Output, weights.Output.OutputSize, (int)width, "output");
        if (weights.Output.OutputSize < 2)
            throw new InvalidDataException($"Matrix '{weights.Output.Weight.Name}' (output) has {weights.Output.OutputSize} rows; at least 2 labels are needed, of which one is the blank.");
    }

    /// <summary>Checks the convolutions and returns the width of a frame after them.</summary>
    private static long Convolutions(SpeechWeights weights)
    {
        long bins = weights.FrameWidth;
        int channels = 1;
        foreach (ConvolutionWeights layer in weights.Convolutions)
        {
            string name = layer.Kernel.Name;
            Odd(layer.KernelFrames, name, "frames");
            Odd(layer.KernelBins, name, "bins");
            Range(layer.StrideFrames, MostStride, name, "a stride in frames");
            Range(layer.StrideBins, MostStride, name, "a stride in bins");
            Range(layer.OutputChannels, MostChannels, name, "a number of output channels");
            if (layer.InputChannels != channels)
                throw new InvalidDataException($"The convolution '{name}' reads {layer.InputChannels} channels; the layer below gives {channels}.");
            channels = layer.OutputChannels;
            ShapeCheck.Matrix(layer.Kernel, channels, layer.InputChannels * layer.KernelFrames * layer.KernelBins, "convolution");
            Normalization(layer.Normalization, channels, "convolution");
            bins = ((bins - 1) / layer.StrideBins) + 1;
        }

        return bins * channels;
    }

    private static void Backward(SpeechWeights weights, int layer, long width)
    {
        CellWeights forward = weights.Forward[layer], backward = weights.Backward[layer];
        InputSize(backward, width);
        if (weights.SumDirections && backward.StateSize != forward.StateSize)
            throw new InvalidDataException($"The cell of matrix '{backward.Input.Name}' has state size {backward.StateSize}; {forward.StateSize} is needed for the sum with '{forward.Input.Name}'.");
    }

    private static void Normalization(Normalization normalization, int count, string role)
    {
        foreach ((float[] values, string what) in new[] { (normalization.Scale, "scales"), (normalization.Shift, "shifts"), (normalization.Mean, "means"), (normalization.Variance, "variances") })
        {
            if (values.Length != count)
                throw new InvalidDataException($"Normalization '{normalization.Name}' ({role}) has {values.Length} {what}; {count} are needed.");
            if (Array.FindIndex(values, value => !float.IsFinite(value)) is var at and >= 0)
                throw new InvalidDataException($"Normalization '{normalization.Name}' ({role}) has {values[at]} among its {what}; only finite numbers are allowed.");
        }

        if (Array.FindIndex(normalization.Variance, value => value < 0) is var negative and >= 0)
            throw new InvalidDataException($"Normalization '{normalization.Name}' ({role}) has the variance {normalization.Variance[negative]}; 0 or more is allowed.");
    }

    private static void InputSize(CellWeights cell, long width)
    {
        if (cell.InputSize != width)
            throw new InvalidDataException($"The cell of matrix '{cell.Input.Name}' reads {cell.InputSize} numbers; the layer below gives {width}.");
    }

    private static void Odd(int value, string name, string axis)
    {
        if (value is < 1 or > MostKernel || value % 2 == 0)
            throw new InvalidDataException($"The convolution '{name}' has a kernel of {value} {axis}; odd numbers from 1 to {MostKernel} are allowed.");
    }

    private static void Range(int value, int most, string name, string what)
    {
        if (value < 1 || value > most)
            throw new InvalidDataException($"The convolution '{name}' has {what} of {value}; 1 to {most} are allowed.");
    }
}
