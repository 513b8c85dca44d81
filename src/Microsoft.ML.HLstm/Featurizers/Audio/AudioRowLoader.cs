using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Loads the audio of one cursor's rows; keeps its buffers and its filter from row to row.</summary>
internal sealed class AudioRowLoader(string? audioFolder, AudioRates rates) : SequenceScorer
{
    private Resampler? _resampler;
    private byte[] _bytes = [];
    private float[] _decoded = [], _resampled = [];

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs)
    {
        switch (inputs.Type(0))
        {
            case TextDataViewType when inputs.Text(0) is { IsEmpty: false } path:
                string full = Path.Combine(audioFolder ?? "", path.ToString());
                outputs.SetSingles(0, Load(ReadFile(full), $"the file '{full}'"));
                break;
            case VectorDataViewType { ItemType.RawType: var type } when type == typeof(byte) && inputs.Bytes(0) is { IsEmpty: false } bytes:
                outputs.SetSingles(0, Load(bytes, "a row's bytes"));
                break;
            case VectorDataViewType { ItemType.RawType: var type } when type == typeof(float) && inputs.Singles(0) is { IsEmpty: false } samples:
                AudioSamples.CheckFinite(samples);
                outputs.SetSingles(0, rates.SourceSampleRate == rates.SampleRate
                    ? samples : Resample(samples, rates.SourceSampleRate, "a row's samples"));
                break;
        }
    }

    /// <summary>Samples of a file's bytes, valid until the next call.</summary>
    /// <exception cref="AudioFormatException">The bytes are not audio that can be read.</exception>
    internal ReadOnlySpan<float> Load(ReadOnlySpan<byte> bytes, string name)
    {
        AudioBytes audio = new(bytes, name);
        SampleLayout layout = AudioDecoder.ReadHeader(audio);
        Span<float> decoded = Workspace.Take(ref _decoded, layout.Length);
        AudioDecoder.Decode(audio, layout, decoded);
        if (layout.SampleRate == rates.SampleRate)
            return decoded;
        Span<float> samples = Resample(decoded, layout.SampleRate, name);
        TensorPrimitives.Max(samples, -1, samples); // a filter swings beyond at steep edges
        TensorPrimitives.Min(samples, 1, samples);
        return samples;
    }

    private Span<float> Resample(ReadOnlySpan<float> samples, int rate, string name)
    {
        if (_resampler?.SourceRate != rate)
            _resampler = new Resampler(rate, rates.SampleRate);
        long length = _resampler.OutputLength(samples.Length);
        if (length > Array.MaxLength)
            throw new AudioFormatException(name, $"at {rates.SampleRate} Hz it has {length} samples; at most {Array.MaxLength} are read", 0);
        Span<float> resampled = Workspace.Take(ref _resampled, (int)length);
        _resampler.Resample(samples, resampled);
        return resampled;
    }

    private ReadOnlySpan<byte> ReadFile(string path)
    {
        using FileStream file = Open(path);
        if (file.Length > Array.MaxLength)
            throw new AudioFormatException($"the file '{path}'", $"it has {file.Length} bytes; at most {Array.MaxLength} are read", 0);
        Span<byte> bytes = Workspace.Take(ref _bytes, (int)file.Length);
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    private static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException($"The file '{path}' cannot be opened: {(Directory.Exists(path) ? "it is a folder" : "access is denied")}.", error);
        }
    }
}
