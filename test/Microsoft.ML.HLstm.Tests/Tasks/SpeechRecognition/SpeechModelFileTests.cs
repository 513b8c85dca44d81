using System.IO.Compression;
using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Tests.ModelFile;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>The zip of a recogniser: what is in it, and what is said when it is damaged.</summary>
[TestClass]
public sealed class SpeechModelFileTests
{
    [TestMethod]
    public void Everything_that_scoring_needs_is_in_the_zip()
    {
        CtcDecodingOptions decoding = new()
        {
            BeamWidth = 7,
            Alternatives = 3,
            LanguageModelWeight = 0.7,
            WordBonus = 0.4,
            CharacterBonus = -0.1,
            UnknownWordPenalty = 2,
            RestrictToWordList = true,
            MinimumProbability = 1e-5,
            PruningThreshold = double.PositiveInfinity,
        };
        SpeechRecognitionTransformer model = TinySpeechModel.Trained.WithDecoding(decoding);

        SpeechRecognitionTransformer loaded = TinySpeechModel.Load(TinySpeechModel.Zip(model));

        Assert.AreEqual(decoding, loaded.Decoding);
        Assert.AreEqual(model.Statistics, loaded.Statistics);
        CollectionAssert.AreEqual(new[] { "ab", "bad", "cad", "da", "dac" }, loaded.Words.ToArray());
        Assert.AreEqual(model.LanguageModel!.LogProbability("da bad"), loaded.LanguageModel!.LogProbability("da bad"));
        Assert.IsEmpty(loaded.History.Epochs);
        SameScores(model, loaded);
    }

    [TestMethod]
    public void Threads_belong_to_the_machine_and_change_nothing()
    {
        SpeechRecognitionTransformer two = TinySpeechModel.Trained.WithDecoding(TinySpeechModel.Trained.Decoding with { Threads = 2 });
        SameScores(TinySpeechModel.Trained, two);
        Assert.AreEqual(1, TinySpeechModel.Load(TinySpeechModel.Zip(two)).Decoding.Threads);
    }

    [TestMethod]
    public void Half_precision_is_kept_and_scores_nearly_the_same()
    {
        SpeechRecognitionTransformer half = TinySpeechModel.Trained.WithPrecision(WeightPrecision.Half);

        SpeechRecognitionTransformer loaded = TinySpeechModel.Load(TinySpeechModel.Zip(half));

        Assert.AreEqual(WeightPrecision.Half, loaded.Precision);
        SameScores(half, loaded);
        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(TinySpeechModel.Trained), TinySpeechModel.Transcribe(half));
        Assert.IsLessThan(TinySpeechModel.Zip().Length, TinySpeechModel.Zip(half).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => half.WithPrecision((WeightPrecision)9));
    }

    [TestMethod]
    public void A_truncated_zip_is_refused()
    {
        byte[] zip = TinySpeechModel.Zip();
        for (int length = 0; length < zip.Length; length += Math.Max(1, zip.Length / 40))
        {
            using var stream = new MemoryStream(zip, 0, length);
            Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _), $"{length} of {zip.Length} bytes were loaded");
        }
    }

    [TestMethod]
    [DataRow("Weights")]
    [DataRow("Vocabulary")]
    [DataRow("LanguageModel")]
    [DataRow("Priors")]
    public void Cut_or_longer_parts_of_the_zip_are_named(string part)
    {
        byte[] zip = TinySpeechModel.Zip();
        foreach (Func<byte[], byte[]> damage in (Func<byte[], byte[]>[])[bytes => bytes[..(bytes.Length / 2)], bytes => [.. bytes, 0]])
        {
            using var stream = new MemoryStream(Damage(zip, part, damage));
            _ = ModelRefusal.Of(stream);
        }
    }

    [TestMethod]
    public void Parts_of_two_models_are_refused()
    {
        // One label fewer than the weights have: the last character is taken away. Its checksum is that of what is left.
        uint checksum = 0;
        byte[] zip = Damage(TinySpeechModel.Zip(), "Vocabulary", bytes =>
        {
            byte[] changed = [4, .. bytes[1..12], .. bytes[14..]];
            checksum = WeightFileFormat.Checksum(changed);
            return changed;
        });
        zip = Damage(zip, "Vocabulary.crc32c", _ => BitConverter.GetBytes(checksum));
        Assert.Contains("'labels' = 5, its weights 6", Assert.Throws<Exception>(() => TinySpeechModel.Load(zip)).ToString());
    }

    [TestMethod]
    public void A_newer_format_is_refused()
    {
        byte[] zip = Damage(TinySpeechModel.Zip(), "Model.key", bytes =>
        {
            int at = bytes.AsSpan().IndexOf("HLSTMSPR"u8);
            Assert.IsGreaterThan(0, at);
            BitConverter.TryWriteBytes(bytes.AsSpan(at + 8), 99u);
            BitConverter.TryWriteBytes(bytes.AsSpan(at + 12), 99u);
            return bytes;
        });
        Assert.Contains("newer", Assert.Throws<Exception>(() => TinySpeechModel.Load(zip)).ToString(), StringComparison.OrdinalIgnoreCase);
    }

    private static void SameScores(SpeechRecognitionTransformer expected, SpeechRecognitionTransformer actual)
    {
        TranscriptRow[] first = TinySpeechModel.Score(expected), second = TinySpeechModel.Score(actual);
        for (int row = 0; row < first.Length; row++)
        {
            CollectionAssert.AreEqual(first[row].Alternatives, second[row].Alternatives);
            CollectionAssert.AreEqual(first[row].AlternativeScores, second[row].AlternativeScores);
        }
    }

    private static byte[] Damage(byte[] zip, string part, Func<byte[], byte[]> change)
    {
        using var stream = new MemoryStream();
        stream.Write(zip);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.Entries.Last(e => e.FullName.EndsWith(part, StringComparison.Ordinal));
            using var content = new MemoryStream();
            using (Stream old = entry.Open())
                old.CopyTo(content);
            string name = entry.FullName;
            entry.Delete();
            byte[] changed = change(content.ToArray());
            using Stream written = archive.CreateEntry(name).Open();
            written.Write(changed);
        }

        return stream.ToArray();
    }
}
