using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A convolution packed for scoring, its batch normalisation folded into kernel and bias. Steps lie side by side; where the
/// stride is more than 1, input frames are dealt into as many phases, so that consecutive steps read consecutive numbers.
/// Never changes: any number of threads may use it.
/// </summary>
internal sealed class PackedConvolution
{
    /// <summary>Output channels that are computed together.</summary>
    public const int TileChannels = 8;

    /// <summary>Steps that outputs are rounded up to: those of the widest register.</summary>
    private const int StepMultiple = 16;

    private readonly int _inputChannels, _kernelFrames, _kernelBins, _strideFrames, _strideBins;
    private readonly float[] _weights;
    private readonly float[] _bias;

    /// <summary>Packs the weights, which have been checked.</summary>
    public PackedConvolution(ConvolutionWeights weights)
    {
        (_inputChannels, Channels) = (weights.InputChannels, weights.OutputChannels);
        (_kernelFrames, _kernelBins) = (weights.KernelFrames, weights.KernelBins);
        (_strideFrames, _strideBins) = (weights.StrideFrames, weights.StrideBins);
        int tiles = (Channels + TileChannels - 1) / TileChannels, columns = weights.Kernel.Columns;
        _weights = new float[tiles * columns * TileChannels];
        _bias = new float[tiles * TileChannels];
        var normalization = new PackedNormalization(weights.Normalization);
        normalization.Terms.CopyTo(_bias);
        for (int channel = 0; channel < Channels; channel++)
        {
            ReadOnlySpan<float> kernel = weights.Kernel.Row(channel);
            (int tile, int row) = Math.DivRem(channel, TileChannels);
            for (int column = 0; column < columns; column++)
                _weights[(((tile * columns) + column) * TileChannels) + row] = kernel[column] * normalization.Factors[channel];
        }
    }

    /// <summary>Channels that come out.</summary>
    public int Channels { get; }

    /// <summary>Numbers that one output is summed from.</summary>
    public int Connections => _inputChannels * _kernelFrames * _kernelBins;

    private int PaddedBins(int bins) => bins + _kernelBins - 1;

    /// <summary>Steps that come out of so many frames.</summary>
    public int Steps(int frames) => frames == 0 ? 0 : ((frames - 1) / _strideFrames) + 1;

    /// <summary>Bins that come out of so many.</summary>
    public int Bins(int bins) => ((bins - 1) / _strideBins) + 1;

    /// <summary>Numbers between the outputs of two bins for so many frames.</summary>
    public int OutputStride(int frames) => (Steps(frames) + StepMultiple - 1) / StepMultiple * StepMultiple;

    /// <summary>Numbers that <see cref="Spread"/> writes.</summary>
    public long InputLength(int bins, int frames) => (long)_inputChannels * PaddedBins(bins) * _strideFrames * PhaseLength(frames);

    /// <summary>Lays out a padded input: [channel, padded bin, phase, padded frames of that phase].</summary>
    /// <param name="from">Frame t of bin b of channel c at <c>(c * bins + b) * binStride + t * frameStride</c>.</param>
    /// <param name="binStride">Between bins.</param>
    /// <param name="frameStride">Between frames.</param>
    /// <param name="bins">Bins of the input.</param>
    /// <param name="frames">Frames of the input.</param>
    /// <param name="to">At least <see cref="InputLength"/> numbers.</param>
    public void Spread(ReadOnlySpan<float> from, int binStride, int frameStride, int bins, int frames, Span<float> to)
    {
        int length = PhaseLength(frames), padding = _kernelFrames / 2;
        to[..(int)InputLength(bins, frames)].Clear();
        for (int row = 0; row < _inputChannels * bins; row++)
        {
            (int channel, int bin) = Math.DivRem(row, bins);
            ReadOnlySpan<float> source = from[(row * binStride)..];
            for (int phase = 0; phase < _strideFrames; phase++)
            {
                Span<float> target = to.Slice(((((channel * PaddedBins(bins)) + bin + (_kernelBins / 2)) * _strideFrames) + phase) * length, length);
                // The first padded frame of the phase that is no padding.
                int first = (padding - phase + _strideFrames - 1) / _strideFrames;
                int at = ((first * _strideFrames) + phase - padding) * frameStride, step = _strideFrames * frameStride;
                for (int index = first; at < frames * frameStride; index++, at += step)
                    target[index] = source[at];
            }
        }
    }

    /// <summary>Where the numbers that an output is summed from stand in the layout of <see cref="Spread"/>.</summary>
    /// <param name="bins">Bins of the input.</param>
    /// <param name="frames">Frames of the input.</param>
    /// <param name="offsets">[<see cref="Connections"/>], in the order of the kernel.</param>
    public void Offsets(int bins, int frames, Span<int> offsets)
    {
        int length = PhaseLength(frames), at = 0;
        for (int channel = 0; channel < _inputChannels; channel++)
        {
            for (int frame = 0; frame < _kernelFrames; frame++)
            {
                (int index, int phase) = Math.DivRem(frame, _strideFrames);
                for (int bin = 0; bin < _kernelBins; bin++)
                    offsets[at++] = (((((channel * PaddedBins(bins)) + bin) * _strideFrames) + phase) * length) + index;
            }
        }
    }

    /// <summary>Computes all channels of one output bin.</summary>
    /// <param name="input">What <see cref="Spread"/> wrote.</param>
    /// <param name="offsets">What <see cref="Offsets"/> wrote.</param>
    /// <param name="bins">Bins of the input.</param>
    /// <param name="frames">Frames of the input.</param>
    /// <param name="bin">The output bin.</param>
    /// <param name="output">[channels, output bins, <see cref="OutputStride"/>], of which one bin is written.</param>
    public void Run(float[] input, int[] offsets, int bins, int frames, int bin, float[] output)
    {
        int stride = OutputStride(frames), outputBins = Bins(bins), start = bin * _strideBins * _strideFrames * PhaseLength(frames);
        // The kernel does without bounds checks because of these.
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bin, outputBins);
        ArgumentOutOfRangeException.ThrowIfLessThan(input.Length, InputLength(bins, frames));
        ArgumentOutOfRangeException.ThrowIfLessThan(output.Length, (long)Channels * outputBins * stride);
        for (int channel = 0; channel < Channels; channel += TileChannels)
        {
            int rows = Math.Min(TileChannels, Channels - channel);
            ref float weights = ref _weights[channel * Connections];
            ref float to = ref output[((channel * outputBins) + bin) * stride];
            switch (InstructionSets.Best)
            {
                case InstructionSet.Avx512:
                    ConvolutionTile<Vector512<float>, Simd512>.Run(ref input[start], ref offsets[0], ref weights, Connections, ref _bias[channel], ref to, stride, outputBins * stride, rows);
                    break;
                case InstructionSet.Avx2:
                    ConvolutionTile<Vector256<float>, Simd256>.Run(ref input[start], ref offsets[0], ref weights, Connections, ref _bias[channel], ref to, stride, outputBins * stride, rows);
                    break;
                default:
                    ConvolutionTile<Vector<float>, SimdPortable>.Run(ref input[start], ref offsets[0], ref weights, Connections, ref _bias[channel], ref to, stride, outputBins * stride, rows);
                    break;
            }

            for (int row = 0; row < rows; row++)
                Clip(output.AsSpan((((channel + row) * outputBins) + bin) * stride, stride));
        }
    }

    private static void Clip(Span<float> values)
    {
        TensorPrimitives.Max(values, 0f, values);
        TensorPrimitives.Min(values, ConvolutionWeights.Ceiling, values);
    }

    /// <summary>Room for every step's kernel, and for frames that the last step does not reach.</summary>
    private int PhaseLength(int frames) => OutputStride(frames) + (_kernelFrames / _strideFrames) + 2;
}
