using Microsoft.ML.HLstm.Featurizers.Audio;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

/// <summary>Audio that cannot be read: one kind of exception says what is wrong, and nothing is made that the file does not justify.</summary>
[TestClass]
public sealed class DamagedAudioTests
{
    private static readonly byte[] _someData = [1, 0, 2, 0, 3, 0, 4, 0];

    public static IEnumerable<object[]> Damages =>
    [
        [Array.Empty<byte>(), "0 bytes"],
        ["hello, world"u8.ToArray(), "not a known format; read are WAV and NIST SPHERE"],
        ["fLaC and so on"u8.ToArray(), "FLAC"],
        ["RF64????WAVE"u8.ToArray(), "RF64"],
        ["RIFF????WAVE"u8.ToArray(), "ends before its 'fmt ' chunk"],
        ["RIFF????WAVEdata\0\0\0\0"u8.ToArray(), "'data' chunk comes before"],
        ["RIFF????WAVEfmt \u0004\0\0\0????data\0\0\0\0"u8.ToArray(), "'fmt ' chunk has 4 bytes"],
        [AudioFiles.Wave(16_000, [1, 2, 3])[..^1], "a chunk states 6 bytes, but 5 are left"],
        [AudioFiles.Wave(16_000, []), "no samples"],
        [AudioFiles.Wave(999, [1, 2]), "sample rate of 999 Hz; allowed is 1000 to 384000"],
        [AudioFiles.Wave(AudioFiles.Pcm, 16, 0, 16_000, _someData), "0 channels"],
        [AudioFiles.Wave(AudioFiles.Pcm, 12, 1, 16_000, _someData), "the encoding is 1 with 12 bits"],
        [AudioFiles.Wave(2, 4, 1, 16_000, _someData), "the encoding is 2 with 4 bits"],
        [AudioFiles.Wave(AudioFiles.Pcm, 16, 1, 16_000, _someData, block: 4), "4 bytes for 1 samples of 2 bytes"],
        [AudioFiles.Wave(AudioFiles.Pcm, 24, 1, 16_000, _someData), "8 bytes, which is not a multiple of 3"],
        [AudioFiles.Wave(AudioFiles.Float, 32, 1, 16_000, [.. _someData, 0, 0, 0xC0, 0x7F]), "sample 2 is NaN"],
        [AudioFiles.Wave(AudioFiles.Float, 64, 1, 16_000, BitConverter.GetBytes(double.PositiveInfinity)), "sample 0 is Infinity"],
        [AudioFiles.SphereWith("sample_coding -s26 pcm,embedded-shorten-v2.00", 1, 2), "compressed"],
        [AudioFiles.SphereWith("sample_coding -s4 alaw", 1, 2), "'alaw'"],
        [AudioFiles.SphereWith("sample_n_bytes -i 3", 1, 2), "sample_n_bytes 3"],
        [AudioFiles.SphereWith("sample_byte_format -s2 11", 1, 2), "'11'"],
        [AudioFiles.SphereWith("sample_count -i 3", 1, 2), "states 3 samples in 1 channels, which are 6 bytes, but 4 are left"],
        [AudioFiles.SphereWith("sample_count -i 2147483647", 1, 2), "4294967294 bytes"],
        [AudioFiles.SphereWith("sample_count -i 99999999999", 1, 2), "sample_count is '99999999999'"],
        [AudioFiles.SphereWith("sample_count -i 0", 1, 2), "no samples"],
        [AudioFiles.SphereWith("channel_count -i 2147483647", 1, 2), "states 2 samples in 2147483647 channels"],
        [AudioFiles.SphereWith("sample_rate -i fast", 1, 2), "sample_rate is 'fast'"],
        [AudioFiles.Sphere(_someData, "sample_n_bytes -i 2", "sample_byte_format -s2 01"), "lacks sample_rate"],
        ["NIST_1A\n   1024\n"u8.ToArray(), "the header needs 1024 bytes, but 16 are left"],
        ["NIST_1A\n  -1024\n"u8.ToArray(), "'-1024' as its length"],
        [AudioFiles.Sphere(_someData).AsSpan().ToArray().Select(value => value == 'e' ? (byte)'x' : value).ToArray(), "no line 'end_head'"],
    ];

    [TestMethod]
    [DynamicData(nameof(Damages))]
    public void Damage_IsNamed(byte[] file, string what)
    {
        AudioFormatException error = Assert.ThrowsExactly<AudioFormatException>(() => NewLoader().Load(file, "the file 'x.wav'"));

        StringAssert.Contains(error.Message, what);
        StringAssert.StartsWith(error.Message, "Cannot read the audio of the file 'x.wav': ");
    }

    [TestMethod]
    public void EveryTruncation_IsRefused()
    {
        foreach (byte[] file in RealFiles())
        {
            for (int length = 0; length < file.Length; length += length < 1200 ? 1 : 97)
                Assert.IsFalse(Loads(file[..length]), $"{length} of {file.Length} bytes were loaded");
        }
    }

    [TestMethod]
    public void EveryBitFlip_GivesSamplesOrTheException()
    {
        Random random = new(1);
        foreach (byte[] file in RealFiles())
        {
            Assert.IsTrue(Loads(file));
            int loaded = 0, refused = 0;
            for (int bit = 0; bit < 256 * 8 + 500; bit++)
            {
                int place = bit < 256 * 8 ? bit : random.Next(256 * 8, file.Length * 8);
                byte[] flipped = [.. file];
                flipped[place / 8] ^= (byte)(1 << place % 8);
                _ = Loads(flipped) ? loaded++ : refused++;
            }
            Assert.IsGreaterThan(100, loaded);
            Assert.IsGreaterThan(100, refused);
        }
    }

    [TestMethod]
    public void RandomHeaders_GiveSamplesOrTheException()
    {
        Random random = new(2);
        byte[][] files = RealFiles();
        for (int round = 0; round < 3000; round++)
        {
            byte[] file = files[round % files.Length][..2000];
            for (int change = random.Next(1, 8); change > 0; change--)
                file[random.Next(random.Next(2) == 0 ? 80 : 300)] = (byte)random.Next(256);
            Loads(file);
        }
    }

    private static AudioRowLoader NewLoader() => new(null, new AudioRates(16_000, 16_000));

    // A filter takes up to half a megabyte, whatever the file; decoded samples take four times the bytes of 8-bit ones, and
    // resampled ones sixteen times that, at the lowest rate.
    private static bool Loads(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            ReadOnlySpan<float> samples = NewLoader().Load(file, "a test");
            Assert.IsGreaterThan(0, samples.Length);
            foreach (float sample in samples)
                Assert.IsTrue(sample is >= -1 and <= 1, $"a sample is {sample}");
            return true;
        }
        catch (AudioFormatException)
        {
            return false;
        }
        finally
        {
            Assert.IsLessThan(1_000_000 + 68L * file.Length, GC.GetAllocatedBytesForCurrentThread() - before);
        }
    }

    private static byte[][] RealFiles()
    {
        short[] integers = An4.Integers(An4.Names[0]);
        byte[] floats = [.. An4.Samples(An4.Names[0]).SelectMany(BitConverter.GetBytes)];
        return
        [
            An4.Bytes(An4.Names[0]),
            AudioFiles.Wave(8_000, integers),
            AudioFiles.Wave(AudioFiles.Float, 32, 1, An4.SampleRate, floats, extensible: true),
        ];
    }
}
