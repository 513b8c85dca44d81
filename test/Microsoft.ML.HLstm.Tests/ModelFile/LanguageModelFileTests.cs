using System.Buffers.Binary;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.Inference.LanguageModels;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

[TestClass]
public sealed class LanguageModelFileTests
{
    [TestMethod]
    [DataRow(1, LanguageModelUnit.Word, 0)]
    [DataRow(3, LanguageModelUnit.Word, 0)]
    [DataRow(3, LanguageModelUnit.Word, 4)]
    [DataRow(4, LanguageModelUnit.Character, 0)]
    public void Written_and_read_a_model_is_the_same(int order, LanguageModelUnit unit, int classes)
    {
        string[] text = SampleText.Sentences(50, 1);
        NGramLanguageModel model = NGramLanguageModel.Estimate(text, order, unit, classes);
        byte[] bytes = Bytes(model);
        NGramLanguageModel read = LanguageModelFile.Read(new MemoryStream(bytes));
        // Programs that know no classes read what has none.
        Assert.AreEqual(classes > 0 ? 2 : 1, bytes[4]);
        Assert.AreEqual((model.Unit, model.Order, model.Count, model.VocabularySize, classes), (read.Unit, read.Order, read.Count, read.VocabularySize, read.Classes));
        foreach (string sentence in text.Concat(["one unknown two", ""]))
            Assert.AreEqual(model.LogProbability(sentence), read.LogProbability(sentence));
        CollectionAssert.AreEqual(bytes, Bytes(read));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void Every_truncation_is_a_format_error(int classes)
    {
        byte[] bytes = Bytes(NGramLanguageModel.Estimate(["a b", "b c a"], classes: classes));
        for (int length = 0; length < bytes.Length; length++)
            Assert.ThrowsExactly<ModelFormatException>(() => LanguageModelFile.Read(bytes.AsMemory(0, length)), $"length {length}");
        Assert.ThrowsExactly<ModelFormatException>(() => LanguageModelFile.Read((byte[])[.. bytes, 0]));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(2)]
    public void A_flipped_bit_is_read_or_refused_but_never_anything_else(int classes)
    {
        byte[] bytes = Bytes(NGramLanguageModel.Estimate(["a b", "b c a"], classes: classes));
        int refused = 0;
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            try
            {
                _ = LanguageModelFile.Read(bytes).LogProbability("a b c");
            }
            catch (ModelFormatException)
            {
                refused++;
            }

            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.IsGreaterThan(bytes.Length, refused);
    }

    [TestMethod]
    public void A_lying_count_is_refused()
    {
        byte[] bytes = Bytes(NGramLanguageModel.Estimate(["a b", "b c a"]));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(7), int.MaxValue);
        Assert.Contains("The number of tokens is 2147483647", Assert.ThrowsExactly<ModelFormatException>(() => LanguageModelFile.Read(bytes)).Message);
    }

    private static byte[] Bytes(NGramLanguageModel model)
    {
        using var stream = new MemoryStream();
        LanguageModelFile.Write(stream, model);
        return stream.ToArray();
    }
}
