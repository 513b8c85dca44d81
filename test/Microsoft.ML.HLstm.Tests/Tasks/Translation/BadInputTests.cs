using System.IO.Compression;
using Microsoft.ML.HLstm.Tests.ModelFile;
using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>Data and files that are not as they should be.</summary>
[TestClass]
public class BadInputTests
{
    [TestMethod]
    public void No_rows_is_refused()
    {
        string message = FitError<InvalidOperationException>(TinyCorpus.Options(), []);
        Assert.Contains("training data has 0 rows", message);
    }

    [TestMethod]
    public void Only_rows_with_missing_values_is_refused()
    {
        string message = FitError<InvalidOperationException>(TinyCorpus.Options(), [new SentenceRow { German = "ich", English = " " }, new SentenceRow { English = "i" }]);
        Assert.Contains("2 rows, of which 2 have an empty 'German' or 'English'", message);
    }

    [TestMethod]
    public void Rows_with_missing_values_are_left_out_with_a_warning()
    {
        var mlContext = new MLContext(1);
        List<string> warnings = Warnings.Of(mlContext);
        IEnumerable<SentenceRow> rows = [TinyCorpus.Rows[0], new SentenceRow { German = "ich" }, .. TinyCorpus.Rows.Skip(1)];

        mlContext.Translation.Trainers.Lstm(TinyCorpus.Options(1)).Fit(TinyCorpus.Load(mlContext, rows));

        Assert.IsTrue(warnings.Any(text => text.Contains("1 of 101 rows of the training data", StringComparison.Ordinal) && text.Contains("the first is row 1", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void A_single_translation_cannot_be_held_out()
    {
        Assert.Contains("1 different translation", FitError<InvalidOperationException>(TinyCorpus.Options(), [TinyCorpus.Rows[0], TinyCorpus.Rows[0]]));
    }

    [TestMethod]
    public void A_validation_set_with_another_schema_is_refused_before_training()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(100_000);
        options.ValidationSet = mlContext.Data.LoadFromEnumerable([new { German = "a", Englisch = "b" }]);
        string message = FitError<ArgumentOutOfRangeException>(options, TinyCorpus.Rows);
        Assert.Contains("English", message);
    }

    [TestMethod]
    public void A_label_or_validation_set_that_is_not_text_is_refused_before_training()
    {
        var mlContext = new MLContext(1);
        IDataView missing = mlContext.Data.LoadFromEnumerable([new { German = "a" }]), number = mlContext.Data.LoadFromEnumerable([new { German = "a", English = 1f }]);
        foreach (IDataView data in (IDataView[])[missing, number])
        {
            TranslationTrainer trainer = mlContext.Translation.Trainers.HLstm(TinyCorpus.Options(100_000));
            Assert.Contains("English", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(SchemaShape.Create(data.Schema))).Message);
            Assert.Contains("English", Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data)).Message);
            TranslationOptions options = TinyCorpus.Options(100_000);
            options.ValidationSet = data;
            Assert.Contains("English", FitError<ArgumentOutOfRangeException>(options, TinyCorpus.Rows));
        }
    }

    [TestMethod]
    public void A_validation_set_without_rows_is_refused_and_so_is_evaluating_none()
    {
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(100_000);
        options.ValidationSet = TinyCorpus.Load(mlContext, []);
        Assert.Contains("validation data has 0 rows", FitError<InvalidOperationException>(options, TinyCorpus.Rows));

        IDataView none = TinyModel.Trained.Transform(options.ValidationSet);
        Assert.Contains("no rows", Assert.ThrowsExactly<InvalidOperationException>(() => mlContext.Translation.Evaluate(none, labelColumnName: "English")).Message);
    }

    [TestMethod]
    public void Long_sentences_are_cut_while_training_with_a_warning()
    {
        var mlContext = new MLContext(1);
        List<string> warnings = Warnings.Of(mlContext);
        TranslationOptions options = TinyCorpus.Options(1);
        options.MaximumLength = 8;
        options.ValidationSet = TinyCorpus.Load(mlContext, [.. TinyCorpus.Rows.Take(5), new SentenceRow { German = string.Concat(Enumerable.Repeat("buch ", 9)), English = "book" }]);
        var longer = new SentenceRow { German = string.Concat(Enumerable.Repeat("haus ", 500)), English = string.Concat(Enumerable.Repeat("house ", 500)) };

        mlContext.Translation.Trainers.Lstm(options).Fit(TinyCorpus.Load(mlContext, [.. TinyCorpus.Rows, longer]));

        Assert.IsTrue(warnings.Any(text => text.Contains("2 sentences of the training data are longer than MaximumLength (8 tokens)", StringComparison.Ordinal)), string.Join('\n', warnings));
        Assert.IsTrue(warnings.Any(text => text.Contains("1 sentences of the validation data are longer than MaximumLength (8 tokens)", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void Empty_in_is_empty_out()
    {
        var mlContext = new MLContext();
        IDataView data = mlContext.Data.LoadFromEnumerable([new SentenceRow { German = "" }, new SentenceRow { German = " \t" }]);
        foreach (TranslationRow row in mlContext.Data.CreateEnumerable<TranslationRow>(TinyModel.Trained.Transform(data), false))
        {
            Assert.AreEqual("", row.PredictedTranslation);
            Assert.AreEqual(0, row.Score);
            CollectionAssert.AreEqual(new[] { "" }, row.Alternatives);
        }
    }

    [TestMethod]
    public void Unknown_words_still_give_a_translation_and_a_finite_score()
    {
        var mlContext = new MLContext();
        IDataView data = mlContext.Data.LoadFromEnumerable([new SentenceRow { German = "qqq zzz 漢字 \ud83d\ude00" }]);
        TranslationRow row = mlContext.Data.CreateEnumerable<TranslationRow>(TinyModel.Trained.Transform(data), false).Single();
        Assert.IsTrue(float.IsFinite(row.Score) && row.Score <= 0, $"{row.Score}");
    }

    [TestMethod]
    public void A_long_sentence_is_cut_with_a_warning()
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(new MemoryStream(TinyModel.Zip()), out _);
        List<string> warnings = Warnings.Of(mlContext);
        string start = "ich sehe ein haus . wir suche ein";

        string[] texts = TinyModel.Translate(model, start, start + string.Concat(Enumerable.Repeat(" buch", 5000)));

        Assert.AreEqual(texts[0], texts[1]);
        Assert.IsTrue(warnings.Any(text => text.Contains("5008 tokens is cut to 8", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void A_truncated_zip_is_refused()
    {
        byte[] zip = TinyModel.Zip();
        for (int length = 0; length < zip.Length; length += Math.Max(1, zip.Length / 40))
        {
            using var stream = new MemoryStream(zip, 0, length);
            Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _), $"{length} of {zip.Length} bytes were loaded");
        }
    }

    [TestMethod]
    [DataRow("Weights")]
    [DataRow("Vocabularies")]
    public void Cut_or_altered_parts_of_the_zip_are_named(string part)
    {
        byte[] zip = TinyModel.Zip();
        foreach (Func<byte[], byte[]> damage in (Func<byte[], byte[]>[])[bytes => bytes[..(bytes.Length / 2)], bytes => [.. bytes[..10], (byte)(bytes[10] ^ 64), .. bytes[11..]], bytes => [.. bytes, 0]])
        {
            using var stream = new MemoryStream(Damage(zip, part, damage));
            _ = ModelRefusal.Of(stream);
        }
    }

    [TestMethod]
    public void A_newer_format_is_refused()
    {
        // The written version is the third 32-bit number of the header that ML.NET puts before a model.
        byte[] zip = Damage(TinyModel.Zip(), "Model.key", bytes =>
        {
            int at = bytes.AsSpan().IndexOf("HLSTMTRL"u8);
            Assert.IsGreaterThan(0, at);
            BitConverter.TryWriteBytes(bytes.AsSpan(at + 8), 99u);
            BitConverter.TryWriteBytes(bytes.AsSpan(at + 12), 99u);
            return bytes;
        });
        using var stream = new MemoryStream(zip);
        string text = Assert.Throws<Exception>(() => new MLContext().Model.Load(stream, out _)).ToString();
        Assert.Contains("newer", text, StringComparison.OrdinalIgnoreCase);
    }

    private static string FitError<TError>(TranslationOptions options, IEnumerable<SentenceRow> rows) where TError : Exception
    {
        var mlContext = new MLContext(1);
        return Assert.Throws<TError>(() => mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext, rows))).Message;
    }

    private static byte[] Damage(byte[] zip, string part, Func<byte[], byte[]> change)
    {
        using var stream = new MemoryStream();
        stream.Write(zip);
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = archive.Entries.Last(e => e.FullName.EndsWith(part, StringComparison.Ordinal) && e.FullName.Contains("TransformerChain", StringComparison.Ordinal) == (part != "Model.key" || e.FullName.Contains("Transform_", StringComparison.Ordinal)) || e.FullName.EndsWith(part, StringComparison.Ordinal));
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
