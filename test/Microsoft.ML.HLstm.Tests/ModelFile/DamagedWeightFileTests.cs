using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

[TestClass]
public sealed class DamagedWeightFileTests
{
    // Rows, columns and encoding stand after the frame, the cell's sizes and the name "c.input".
    internal const int FirstMatrix = WeightFileFormat.HeaderSize + 10 + 1 + 7;

    // Each with what reads it.
    private static readonly (Func<WeightPrecision, byte[]> Make, Action<Stream, string> Read)[] _networks =
    [
        (Small, (stream, name) => WeightFileReader.ReadTranslation(stream, name)),
        (SmallSpeech, (stream, name) => WeightFileReader.ReadSpeech(stream, name)),
    ];

    [TestMethod]
    [DataRow(0, WeightPrecision.Single)]
    [DataRow(0, WeightPrecision.Int8)]
    [DataRow(1, WeightPrecision.Single)]
    [DataRow(1, WeightPrecision.Int8)]
    public void Every_truncation_is_a_format_error_at_the_end_of_what_is_there(int network, WeightPrecision precision)
    {
        (Func<WeightPrecision, byte[]> make, Action<Stream, string> read) = _networks[network];
        byte[] file = make(precision);
        for (int length = 0; length < file.Length; length++)
        {
            ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(
                () => read(new MemoryStream(file, 0, length), "weights.bin"), $"length {length}");
            Assert.AreEqual(length, error.Offset);
            Assert.AreEqual("weights.bin", error.StreamName);
        }
    }

    [TestMethod]
    [DataRow(0, WeightPrecision.Single)]
    [DataRow(0, WeightPrecision.Int8)]
    [DataRow(1, WeightPrecision.Single)]
    [DataRow(1, WeightPrecision.Int8)]
    public void Every_flipped_bit_is_a_format_error(int network, WeightPrecision precision)
    {
        (Func<WeightPrecision, byte[]> make, Action<Stream, string> read) = _networks[network];
        byte[] file = make(precision);
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.ThrowsExactly<ModelFormatException>(() => read(new MemoryStream(file), "weights.bin"), $"bit {bit}");
            file[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [TestMethod]
    [DataRow(0, WeightPrecision.Single)]
    [DataRow(0, WeightPrecision.Int8)]
    [DataRow(1, WeightPrecision.Single)]
    [DataRow(1, WeightPrecision.Int8)]
    public void With_a_forged_checksum_a_flipped_bit_is_read_or_refused_but_never_anything_else(int network, WeightPrecision precision)
    {
        (Func<WeightPrecision, byte[]> make, Action<Stream, string> read) = _networks[network];
        byte[] file = make(precision);
        int refused = 0;
        for (int bit = 0; bit < (file.Length - WeightFileFormat.ChecksumSize) * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << bit % 8);
            Seal(file);
            try
            {
                read(new MemoryStream(file), "weights.bin");
            }
            catch (ModelFormatException)
            {
                refused++;
            }

            file[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.IsGreaterThan(1000, refused);
    }

    [TestMethod]
    [DataRow(int.MaxValue, int.MaxValue)]
    [DataRow(1 << 16, 1 << 16)]
    [DataRow(int.MaxValue, 1)]
    [DataRow(-1, 4)]
    public void A_lying_shape_is_refused_before_memory_is_taken_for_it(int rows, int columns)
    {
        foreach (WeightPrecision precision in Enum.GetValues<WeightPrecision>())
        {
            foreach (byte encoding in new byte[] { 0, 1, 2 })
            {
                byte[] file = Cell(0.05, precision);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FirstMatrix), rows);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FirstMatrix + 4), columns);
                file[FirstMatrix + 8] = encoding;
                AssertRefusedCheaply(file, "c.input");
            }
        }
    }

    [TestMethod]
    public void A_lying_number_of_connections_is_refused_before_memory_is_taken_for_it()
    {
        byte[] file = Cell(0.05);
        Assert.AreEqual((byte)MatrixEncoding.Gaps, file[FirstMatrix + 8]);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(FirstMatrix + 9), 1 << 30);
        AssertRefusedCheaply(file, "c.input");
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void A_variance_that_no_data_can_have_is_refused(float variance)
    {
        SpeechWeights weights = new RandomWeights(2).Speech();
        byte[] file = WeightFileTests.Write(s => WeightFileWriter.Write(s, weights)).ToArray();
        byte[] first = BitConverter.GetBytes(weights.Normalizations[0].Variance[0]);
        BinaryPrimitives.WriteSingleLittleEndian(file.AsSpan(file.AsSpan().IndexOf(first)), variance);
        Seal(file);
        ModelFormatException error = Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadSpeech(new MemoryStream(file)));
        StringAssert.Contains(error.Message, "normalization.0");
    }

    [TestMethod]
    public void A_connection_beyond_the_end_of_a_bitmap_is_refused()
    {
        byte[] file = WeightFileTests.Write(s => WeightFileWriter.Write(s, new RandomWeights(1).Cell("c", 5, 1, [], 0.6))).ToArray();
        Assert.AreEqual((byte)MatrixEncoding.Bitmap, file[FirstMatrix + 8]);
        // The number of connections stays the same: the last of 20 positions lies in the middle of the third byte.
        file[FirstMatrix + 9] &= (byte)(file[FirstMatrix + 9] - 1);
        file[FirstMatrix + 11] |= 0x80;
        Seal(file);
        StringAssert.Contains(Refusal(file).Message, "position 19");
    }

    [TestMethod]
    public void A_lying_length_is_refused_with_memory_for_what_is_there_only()
    {
        byte[] file = Cell(0.05);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(WeightFileFormat.HeaderSize - 8), 2_000_000_000);
        AssertRefusedCheaply(file, "2000000025");
    }

    [TestMethod]
    public void A_newer_version_another_kind_and_another_format_are_told_apart()
    {
        byte[] file = Cell(1);
        file[8] = 3;
        StringAssert.Contains(Refusal(file).Message, "version 3");
        file[8] = 2;
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(
            () => WeightFileReader.ReadTranslation(new MemoryStream(file))).Message, "Translation");
        file[0] = 0;
        StringAssert.Contains(Refusal(file).Message, "mark");
    }

    [TestMethod]
    public void Damage_in_the_zip_around_the_weights_is_the_same_error()
    {
        var packed = new MemoryStream();
        using (var zip = new DeflateStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zip.Write(Cell(1));
        byte[] bytes = packed.ToArray();
        Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadCell(
            new DeflateStream(new MemoryStream([.. bytes[..40], .. Enumerable.Repeat((byte)0xFF, 200)]), CompressionMode.Decompress)));
        WeightFileReader.ReadCell(new DeflateStream(new MemoryStream(bytes), CompressionMode.Decompress));
    }

    private static void AssertRefusedCheaply(byte[] file, string named)
    {
        Seal(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ModelFormatException error = Refusal(file);
        long taken = GC.GetAllocatedBytesForCurrentThread() - before;
        StringAssert.Contains(error.Message, named);
        Assert.IsLessThan(400_000, taken);
    }

    private static ModelFormatException Refusal(byte[] file) =>
        Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadCell(new MemoryStream(file)));

    internal static void Seal(byte[] file) => BinaryPrimitives.WriteUInt32LittleEndian(
        file.AsSpan(file.Length - WeightFileFormat.ChecksumSize),
        WeightFileFormat.Checksum(file.AsSpan(0, file.Length - WeightFileFormat.ChecksumSize)));

    private static byte[] Cell(double density, WeightPrecision precision = WeightPrecision.Single) => WeightFileTests.Write(
        s => WeightFileWriter.Write(s, new RandomWeights(1).Cell("c", 30, 8, [], density), precision)).ToArray();

    private static byte[] Small(WeightPrecision precision) => WeightFileTests.Write(s => WeightFileWriter.Write(s, new RandomWeights(2).Translation(
        encoderLayers: 1, decoderLayers: 1, sourceVocabulary: 4, targetVocabulary: 4, embedding: 2, state: 1, density: 0.3), precision)).ToArray();

    private static byte[] SmallSpeech(WeightPrecision precision) => WeightFileTests.Write(s => WeightFileWriter.Write(s, new RandomWeights(2).Speech(
        layers: 1, widths: [[1], [1], [1], [1]], density: 0.3, strides: (2, 16), channels: 1), precision)).ToArray();
}
