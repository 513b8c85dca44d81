using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tests.Tasks.Translation;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

/// <summary>A zip with a bit that has flipped is refused, or the bit was one that nothing depends on: never does another model come out.</summary>
[TestClass]
public sealed class FlippedBitTests
{
    private const int Flips = 400;
    private readonly MLContext _ml = new(1);

    private sealed record Recording(string Audio);

    [TestMethod]
    public void A_translator_is_refused_or_the_same() => AssertRefusedOrTheSame(TinyModel.Trained, TinyCorpus.Load(_ml).Schema);

    [TestMethod]
    public void A_recogniser_is_refused_or_the_same() => AssertRefusedOrTheSame(
        TinySpeechModel.Trained.WithLanguageModel(NGramLanguageModel.Estimate(TinySpeech.Rows.Select(row => row.Transcript), 2)), TinySpeech.Load(_ml).Schema);

    [TestMethod]
    public void A_captioner_is_refused_or_the_same() => AssertRefusedOrTheSame(TinyCaptioner.Trained, TinyPictures.Load(_ml).Schema);

    [TestMethod]
    public void Featurizers_of_sound_are_refused_or_the_same()
    {
        IDataView data = _ml.Data.LoadFromEnumerable<Recording>([]);
        AssertRefusedOrTheSame(
            _ml.Transforms.LoadAudio("Samples", "Audio", "recordings").Append(_ml.Transforms.ComputeSpectrogram("Frames", "Samples")).Fit(data), data.Schema);
    }

    [TestMethod]
    [DataRow("Model.key", "German", "Norman")]
    [DataRow("Vocabularies", "hund", "rund")]
    [DataRow("Vocabularies.crc32c", "", "")]
    public void A_part_that_still_makes_sense_is_refused_by_its_checksum(string part, string text, string other)
    {
        using MemoryStream file = Save(TinyModel.Trained, TinyCorpus.Load(_ml).Schema);
        using (ZipArchive zip = new(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream stream = zip.Entries.Single(entry => entry.FullName.EndsWith('/' + part, StringComparison.Ordinal)).Open();
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            // Names of columns are UTF-16 in ML.NET's table of strings, words UTF-8.
            Encoding encoding = part == "Model.key" ? Encoding.Unicode : Encoding.UTF8;
            int at = bytes.AsSpan().IndexOf(encoding.GetBytes(text));
            Assert.IsGreaterThanOrEqualTo(0, at);
            if (text.Length == 0)
                bytes[at] ^= 1;
            else
                encoding.GetBytes(other).CopyTo(bytes.AsSpan(at));
            stream.Position = 0;
            stream.Write(bytes);
        }

        file.Position = 0;
        StringAssert.Contains(ModelRefusal.Of(file).Message, "checksum");
    }

    [TestMethod]
    public void A_part_that_may_be_left_out_and_was_not_is_missed()
    {
        using MemoryStream file = Save(TinyModel.Trained, TinyCorpus.Load(_ml).Schema);
        using (ZipArchive zip = new(file, ZipArchiveMode.Update, leaveOpen: true))
            zip.Entries.Single(entry => entry.FullName.EndsWith("/Shortlist", StringComparison.Ordinal)).Delete();
        file.Position = 0;
        StringAssert.Contains(ModelRefusal.Of(file).Message, "missing from the model file. (Shortlist");
    }

    [TestMethod]
    [DataRow("Vocabularies")]
    [DataRow("Vocabularies.crc32c")]
    public void A_part_that_cannot_be_unpacked_is_named(string part)
    {
        byte[] zip = Save(TinyModel.Trained, TinyCorpus.Load(_ml).Schema).ToArray();
        byte[] name = Encoding.UTF8.GetBytes($"/{part}");
        // The first place of the name is in the header before the part's bytes, which begin after it with the kind of a block; 3 is none.
        int packed = zip.AsSpan().IndexOf(name) + name.Length, header = zip.AsSpan(0, packed).LastIndexOf("PK\u0003\u0004"u8);
        foreach (int at in (int[])[packed, header])
        {
            byte[] damaged = [.. zip];
            damaged[at] |= 0b111;
            ModelFormatException refusal = ModelRefusal.Of(new MemoryStream(damaged));
            Assert.AreEqual(part, refusal.StreamName);
            Assert.Contains("cannot be unpacked", refusal.Message);
        }
    }

    private void AssertRefusedOrTheSame(ITransformer model, DataViewSchema schema)
    {
        byte[] zip = Save(model, schema).ToArray();
        string expected = Content(zip);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < Flips; i++)
        {
            byte[] damaged = [.. zip];
            int at = random.Next(zip.Length);
            damaged[at] ^= (byte)(1 << random.Next(8));
            string actual;
            try
            {
                ITransformer loaded = _ml.Model.Load(new MemoryStream(damaged), out _);
                actual = Content(Save(loaded, schema).ToArray());
            }
            catch (Exception error) when (error is not (OutOfMemoryException or UnitTestAssertException))
            {
                refused++;
                continue;
            }

            Assert.AreEqual(expected, actual, $"byte {at} of {zip.Length}");
        }

        Assert.IsGreaterThan(Flips / 2, refused);
    }

    private MemoryStream Save(ITransformer model, DataViewSchema schema)
    {
        var file = new MemoryStream();
        _ml.Model.Save(model, schema, file);
        file.Position = 0;
        return file;
    }

    /// <summary>What is in the transformers' parts of a zip; the schema and the version are ML.NET's.</summary>
    private static string Content(byte[] zip)
    {
        using ZipArchive archive = new(new MemoryStream(zip));
        return string.Join('\n', archive.Entries.Where(entry => entry.FullName.StartsWith("TransformerChain", StringComparison.Ordinal)).Select(entry =>
        {
            using Stream stream = entry.Open();
            return $"{entry.FullName} {Convert.ToHexString(SHA256.HashData(stream))}";
        }));
    }
}
