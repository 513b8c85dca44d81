using System.IO.Compression;

namespace Microsoft.ML.HLstm.Tests.ModelFile;

[TestClass]
public sealed class DamagedModelTests
{
    private sealed record Line(string Text);

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Load_NamesAMissingStream()
    {
        ModelFormatException error = LoadAfter(weights => weights.Delete());

        StringAssert.Contains(error.Message, "missing");
        Assert.AreEqual("Weights", error.StreamName);
    }

    [TestMethod]
    public void Load_NamesTheByteWhereAStreamIsCutShort()
    {
        ModelFormatException error = LoadAfter(weights => Rewrite(weights, bytes => bytes[..7]));

        StringAssert.Contains(error.Message, "too early");
        Assert.AreEqual(7, error.Offset);
    }

    [TestMethod]
    public void Load_NamesTheByteWhereAStreamIsTooLong()
    {
        ModelFormatException error = LoadAfter(weights => Rewrite(weights, bytes => [.. bytes, 1]));

        StringAssert.Contains(error.Message, "goes on");
        Assert.AreEqual(8, error.Offset);
    }

    [TestMethod]
    public void Load_RefusesANewerFormat()
    {
        using MemoryStream file = Save(format: 2);

        ModelFormatException error = ModelRefusal.Of(file);
        StringAssert.Contains(error.Message, "format 2 of TestReversing");
        StringAssert.Contains(error.Message, "formats 1 to 1");
    }

    private ModelFormatException LoadAfter(Action<ZipArchiveEntry> damage)
    {
        using MemoryStream file = Save(format: 1);
        using (ZipArchive zip = new(file, ZipArchiveMode.Update, leaveOpen: true))
            damage(zip.Entries.Single(entry => entry.FullName.EndsWith("Weights", StringComparison.Ordinal)));
        file.Position = 0;
        return ModelRefusal.Of(file);
    }

    private MemoryStream Save(uint format)
    {
        MemoryStream file = new();
        _ml.Model.Save(new ReversingTransformer(_ml, "Out", "Text", [1, 2], format), _ml.Data.LoadFromEnumerable<Line>([]).Schema, file);
        file.Position = 0;
        return file;
    }

    private static void Rewrite(ZipArchiveEntry entry, Func<byte[], byte[]> change)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        byte[] changed = change(bytes);
        stream.SetLength(0);
        stream.Write(changed);
    }
}
