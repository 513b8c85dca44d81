using System.IO.Compression;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>The shortlist as a user of the transformer sees it.</summary>
[TestClass]
public sealed class TranslationShortlistTests
{
    private static readonly string[] _sentences = [.. TinyCorpus.Rows.Select(row => row.German)];

    [TestMethod]
    public void A_trained_model_has_a_shortlist_unless_it_is_asked_for_none()
    {
        Assert.AreEqual(new TranslationOptions().ShortlistSize, TinyModel.Trained.ShortlistSize);
        var mlContext = new MLContext(1);
        TranslationOptions options = TinyCorpus.Options(1);
        options.ShortlistSize = 0;
        Assert.AreEqual(0, mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext)).ShortlistSize);
    }

    [TestMethod]
    public void A_shortlist_survives_saving_rounding_and_another_search()
    {
        TranslationTransformer model = TinyModel.Trained.WithShortlist(TinyCorpus.Load(new MLContext()), 3);
        var loaded = (TranslationTransformer)new MLContext().Model.Load(new MemoryStream(TinyModel.Zip(model)), out _);
        Assert.AreEqual(3, loaded.ShortlistSize);
        Assert.AreEqual(3, loaded.WithPrecision(WeightPrecision.Half).ShortlistSize);
        Assert.AreEqual(3, loaded.WithDecoding(new DecodingOptions()).ShortlistSize);
        CollectionAssert.AreEqual(Scores(model), Scores(loaded));
        Assert.IsLessThan(TinyModel.Zip(TinyModel.Trained).Length, TinyModel.Zip(model.WithoutShortlist()).Length);
    }

    [TestMethod]
    public void Without_a_shortlist_the_whole_vocabulary_shares_the_probability()
    {
        TranslationTransformer whole = TinyModel.Trained.WithoutShortlist().WithDecoding(new DecodingOptions { BeamWidth = 1 });
        TranslationTransformer few = whole.WithShortlist(TinyCorpus.Load(new MLContext()), 3);
        Assert.AreEqual(0, whole.ShortlistSize);
        CollectionAssert.AreEqual(TinyModel.Translate(whole, _sentences), TinyModel.Translate(few, _sentences));
        // The same translations, and those that were likely anyway became likelier.
        foreach ((float all, float some) in Scores(whole).Zip(Scores(few)))
            Assert.IsGreaterThanOrEqualTo(all - 1e-6f, some);
        Assert.IsGreaterThan(Scores(whole).Sum(), Scores(few).Sum());
    }

    [TestMethod]
    public void A_translation_is_made_of_the_candidates_alone()
    {
        // In this data every verb is translated by "see".
        SentenceRow[] rows = [.. TinyCorpus.Rows.Select(row => new SentenceRow { German = row.German, English = row.English.Replace("buy", "see").Replace("paint", "see").Replace("seek", "see") })];
        TranslationTransformer model = TinyModel.Trained.WithShortlist(TinyCorpus.Load(new MLContext(), rows), 1);
        foreach (string translation in TinyModel.Translate(model, _sentences))
            CollectionAssert.IsSubsetOf(translation.Split(' '), (string[])[.. rows.SelectMany(row => row.English.Split(' '))]);
    }

    [TestMethod]
    public void What_cannot_be_learned_from_is_named()
    {
        var mlContext = new MLContext();
        IDataView data = TinyCorpus.Load(mlContext);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyModel.Trained.WithShortlist(data, 0)).Message, "size");
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TinyModel.Trained.WithShortlist(mlContext.Transforms.DropColumns("English").Fit(data).Transform(data), 5)).Message, "English");
        StringAssert.Contains(Assert.ThrowsExactly<InvalidOperationException>(() => TinyModel.Trained.WithShortlist(TinyCorpus.Load(mlContext, [new SentenceRow { German = " ", English = "a" }]), 5)).Message, "1 rows");
        TranslationOptions options = TinyCorpus.Options();
        options.ShortlistSize = -1;
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => mlContext.Translation.Trainers.HLstm(options)).Message, "ShortlistSize is -1");
    }

    [TestMethod]
    public void A_damaged_shortlist_in_a_zip_is_refused_by_name()
    {
        using var file = new MemoryStream();
        file.Write(TinyModel.Zip());
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.Entries.Single(entry => entry.Name == "Shortlist");
            byte[] bytes;
            using (var content = new MemoryStream())
            {
                using Stream stream = entry.Open();
                stream.CopyTo(content);
                bytes = content.ToArray();
            }

            string name = entry.FullName;
            entry.Delete();
            using Stream shorter = zip.CreateEntry(name).Open();
            shorter.Write(bytes, 0, bytes.Length - 3);
        }

        file.Position = 0;
        Exception error = Assert.Throws<Exception>(() => new MLContext().Model.Load(file, out _));
        StringAssert.Contains(error.ToString(), "Shortlist");
    }

    private static float[] Scores(TranslationTransformer model)
    {
        var mlContext = new MLContext();
        return [.. mlContext.Data.CreateEnumerable<TranslationRow>(model.Transform(TinyCorpus.Load(mlContext)), false).Select(row => row.Score)];
    }
}
