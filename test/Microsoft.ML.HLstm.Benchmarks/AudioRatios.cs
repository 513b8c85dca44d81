using Microsoft.ML.HLstm.Featurizers.Audio;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>Five seconds of 16-bit audio, from a file's bytes to frames; and the spectrogram alone beside libtorch's.</summary>
internal static class AudioRatios
{
    private const int Seconds = 5;

    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        var loader = new AudioRowLoader(null, new AudioRates(16_000, 16_000));
        SpectrogramComputer magnitudes = Computer(SpectrogramFeatures.LogMagnitude), mel = Computer(SpectrogramFeatures.LogMel), mfcc = Computer(SpectrogramFeatures.Mfcc);
        byte[] at16000 = Wave(16_000), at44100 = Wave(44_100), at16001 = Wave(16_001);
        float[] samples = loader.Load(at16000, "a benchmark").ToArray();
        Tensor window = hamming_window(320);

        new Contest($"{Seconds} s of speech, 20 ms windows every 10 ms at 16 kHz, libtorch on {threads} thread(s)")
            .Add("torch.stft, log1p, normalised", () =>
            {
                using var scope = NewDisposeScope();
                Tensor frames = stft(tensor(samples), 320, 160, 320, window, center: false, return_complex: true).abs().log1p();
                _ = (frames - frames.mean()) / frames.std();
            })
            .Add("log magnitudes", () => magnitudes.Compute(samples))
            .Add("log-mel energies", () => mel.Compute(samples))
            .Add("MFCC", () => mfcc.Compute(samples))
            .Add("16 kHz file's bytes to log magnitudes", () => magnitudes.Compute(loader.Load(at16000, "a benchmark")))
            .Add("44.1 kHz file's bytes to log magnitudes", () => magnitudes.Compute(loader.Load(at44100, "a benchmark")))
            .Add("16.001 kHz file's bytes to log magnitudes", () => magnitudes.Compute(loader.Load(at16001, "a benchmark")))
            .Run(output);
    }

    private static SpectrogramComputer Computer(SpectrogramFeatures features)
    {
        SpectrogramOptions options = new() { Features = features };
        return new SpectrogramComputer(options, new SpectrogramShape(options, 16_000));
    }

    private static byte[] Wave(int rate)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        int bytes = 2 * rate * Seconds;
        writer.Write("RIFF"u8);
        writer.Write(36 + bytes);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)1);
        writer.Write(rate);
        writer.Write(2 * rate);
        writer.Write((short)2);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(bytes);
        var random = new Random(1);
        for (int i = 0; i < rate * Seconds; i++)
            writer.Write((short)random.Next(-3000, 3000));
        return stream.ToArray();
    }
}
