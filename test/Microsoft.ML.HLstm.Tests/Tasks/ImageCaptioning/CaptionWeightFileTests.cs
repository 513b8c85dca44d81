using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.ModelFile;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

[TestClass]
public class CaptionWeightFileTests
{
    [TestMethod]
    [DataRow(false, false)]
    [DataRow(false, true)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void A_captioning_network_comes_back_bit_for_bit(bool attention, bool tied)
    {
        CaptionWeights weights = RandomCaptioner.Make(1, attention, tied);

        CaptionWeights back = WeightFileReader.ReadCaption(new MemoryStream(File(weights)));

        Assert.AreEqual(attention, back.HasAttention);
        Assert.AreEqual(tied, back.TiedOutput);
        foreach ((WeightMatrix expected, WeightMatrix actual) in weights.Matrices.Zip(back.Matrices, (a, b) => (a, b)))
        {
            Assert.AreEqual(expected.Name, actual.Name);
            CollectionAssert.AreEqual(expected.Values, actual.Values);
        }

        CollectionAssert.AreEqual(weights.FeatureProjection.Bias, back.FeatureProjection.Bias);
        CollectionAssert.AreEqual(weights.OutputProjection.Bias, back.OutputProjection.Bias);
        CollectionAssert.AreEqual(weights.AttentionCombine?.Bias, back.AttentionCombine?.Bias);
    }

    [TestMethod]
    public void Every_truncation_and_every_flipped_bit_is_a_format_error()
    {
        byte[] file = Small();
        for (int length = 0; length < file.Length; length++)
            Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadCaption(new MemoryStream(file, 0, length)), $"length {length}");
        for (int bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadCaption(new MemoryStream(file)), $"bit {bit}");
            file[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [TestMethod]
    public void With_a_forged_checksum_a_flipped_bit_is_read_or_refused_but_never_anything_else()
    {
        byte[] file = Small();
        int refused = 0;
        for (int bit = 0; bit < (file.Length - WeightFileFormat.ChecksumSize) * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << bit % 8);
            DamagedWeightFileTests.Seal(file);
            try
            {
                WeightFileReader.ReadCaption(new MemoryStream(file));
            }
            catch (ModelFormatException)
            {
                refused++;
            }

            file[bit / 8] ^= (byte)(1 << bit % 8);
        }

        Assert.IsGreaterThan(500, refused);
    }

    [TestMethod]
    public void Another_kind_is_told_apart()
    {
        byte[] file = Small();
        Assert.Contains("Translation", Assert.ThrowsExactly<ModelFormatException>(() => WeightFileReader.ReadTranslation(new MemoryStream(file))).Message);
    }

    private static byte[] Small() => File(RandomCaptioner.Make(2, attention: true, layers: 1, features: 2, vocabulary: 4, embedding: 2, state: 1, density: 0.3));

    private static byte[] File(CaptionWeights weights)
    {
        using var stream = new MemoryStream();
        WeightFileWriter.Write(stream, weights);
        return stream.ToArray();
    }
}
