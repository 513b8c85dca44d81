using System.Buffers.Binary;
using Microsoft.ML.HLstm.Featurizers.Audio;

namespace Microsoft.ML.HLstm.Tests.Featurizers.Audio;

[TestClass]
public sealed class AudioDecoderTests
{
    private static readonly double[] _values = [0, 0.5, -0.5, 0.25, -1, 0.99, -0.001, 0.123456789];

    [TestMethod]
    [DataRow(AudioFiles.Pcm, 8, 1 / 128.0)]
    [DataRow(AudioFiles.Pcm, 16, 1 / 32768.0)]
    [DataRow(AudioFiles.Pcm, 24, 1.2e-7)]
    [DataRow(AudioFiles.Pcm, 32, 6e-8)]
    [DataRow(AudioFiles.Float, 32, 6e-8)]
    [DataRow(AudioFiles.Float, 64, 6e-8)]
    public void Wave_OfEveryEncodingGivesItsValues(int encoding, int bits, double tolerance)
    {
        foreach (bool extensible in new[] { false, true })
        {
            float[] samples = Decode(AudioFiles.Wave(encoding, bits, 1, 16_000, Encode(_values, encoding, bits), extensible));

            Assert.HasCount(_values.Length, samples);
            for (int i = 0; i < samples.Length; i++)
                Assert.AreEqual(_values[i], samples[i], tolerance, $"sample {i}");
        }
    }

    [TestMethod]
    public void Channels_AreAveraged()
    {
        byte[] data = Encode([0.5, -0.25, 0.75, -1, 1 / 3.0, 0.125], AudioFiles.Float, 32);

        float[] samples = Decode(AudioFiles.Wave(AudioFiles.Float, 32, 3, 16_000, data));

        Assert.HasCount(2, samples);
        Assert.AreEqual(1 / 3.0, samples[0], 1e-7);
        Assert.AreEqual((-1 + 1 / 3.0 + 0.125) / 3, samples[1], 1e-7);
    }

    [TestMethod]
    public void MuLaw_HasTheValuesOfG711()
    {
        // The ends of the segments, from G.711's table 2a for 14 bits.
        (byte Code, int Value)[] table = [(0xFF, 0), (0xFE, 2), (0xF0, 30), (0xEF, 33), (0xE0, 93), (0xD0, 219), (0xC0, 471), (0xB0, 975),
            (0xA0, 1983), (0x90, 3999), (0x80, 8031), (0x7F, 0), (0x7E, -2), (0x6F, -33), (0x00, -8031)];
        byte[] codes = [.. table.Select(entry => entry.Code)];

        float[] wave = Decode(AudioFiles.Wave(AudioFiles.MuLaw, 8, 1, 16_000, codes));
        float[] sphere = Decode(AudioFiles.Sphere(codes, $"sample_count -i {codes.Length}", "sample_rate -i 16000", "sample_n_bytes -i 1", "sample_coding -s4 ulaw"));

        CollectionAssert.AreEqual(table.Select(entry => entry.Value / 8192f).ToArray(), wave);
        CollectionAssert.AreEqual(wave, sphere);
    }

    [TestMethod]
    public void FloatsBeyondOne_AreClipped() =>
        CollectionAssert.AreEqual(new[] { 1f, -1f, 1f }, Decode(AudioFiles.Wave(AudioFiles.Float, 32, 1, 16_000, Encode([1.5, -7, 1], AudioFiles.Float, 32))));

    [TestMethod]
    public void Sphere_GivesTheSamplesOfRealFiles()
    {
        foreach (string name in An4.Names)
            CollectionAssert.AreEqual(An4.Samples(name), Decode(An4.Bytes(name)), name);
    }

    [TestMethod]
    public void Sphere_OfTheOtherByteOrderAndWave_GiveTheSame()
    {
        short[] integers = An4.Integers(An4.Names[0]);
        short[] swapped = Array.ConvertAll(integers, BinaryPrimitives.ReverseEndianness);

        CollectionAssert.AreEqual(An4.Samples(An4.Names[0]), Decode(AudioFiles.SphereWith("sample_byte_format -s2 10", swapped)));
        CollectionAssert.AreEqual(An4.Samples(An4.Names[0]), Decode(AudioFiles.Wave(An4.SampleRate, integers)));
    }

    private static float[] Decode(byte[] file) => new AudioRowLoader(null, new AudioRates(16_000, 16_000)).Load(file, "a test").ToArray();

    private static byte[] Encode(IEnumerable<double> values, int encoding, int bits) => [.. values.SelectMany(value => (encoding, bits) switch
    {
        (AudioFiles.Pcm, 8) => [(byte)Math.Round(128 + 127 * value)],
        (AudioFiles.Pcm, _) => BitConverter.GetBytes((long)Math.Round(value * (1L << (bits - 1))))[..(bits / 8)],
        (_, 32) => BitConverter.GetBytes((float)value),
        _ => BitConverter.GetBytes(value),
    })];
}
