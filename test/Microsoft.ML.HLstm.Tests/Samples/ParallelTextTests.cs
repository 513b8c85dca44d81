using System.Text;
using Samples.Commands;
using Samples.Translate;

namespace Samples;

[TestClass]
public sealed class ParallelTextTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void ReadsEnglishThenGermanAndIgnoresFurtherColumns()
    {
        string path = _folder.Write("a.tsv", "Hi.\tHallo!\tCC-BY\r\nGood day.\tGrüß Gott.\n\n  \r\n");
        IReadOnlyList<SentencePair> pairs = ParallelText.Read([path]);
        Assert.HasCount(2, pairs);
        Assert.AreEqual("Hi.", pairs[0].English);
        Assert.AreEqual("Hallo!", pairs[0].German);
        Assert.AreEqual("Grüß Gott.", pairs[1].German);
    }

    [TestMethod]
    public void ReadsTwoFilesGermanFirstAndKnowsGzipByItsContent()
    {
        string german = _folder.WriteGzip("german.txt", "eins\nzwei\n");
        string english = _folder.Write("english.gz", "one\ntwo");
        IReadOnlyList<SentencePair> pairs = ParallelText.Read([german, english]);
        Assert.AreEqual("zwei", pairs[1].German);
        Assert.AreEqual("two", pairs[1].English);
    }

    [TestMethod]
    public void NamesTheFileAndLineWithoutSecondColumn()
    {
        string path = _folder.Write("a.tsv", "Hi.\tHallo!\nalone\n");
        Assert.Contains($"{path}, line 2", Fails(path));
    }

    [TestMethod]
    public void NamesTheLineAndTheByteOfAnotherEncodingAndReadsUtf16WithItsMark()
    {
        const string Text = "Hi.\tHallo!\nGood day.\tGrüß Gott.\n";
        File.WriteAllText(_folder.PathOf("latin"), Text, Encoding.Latin1);
        File.WriteAllText(_folder.PathOf("utf16"), Text, Encoding.Unicode);
        Assert.Contains($"{_folder.PathOf("latin")} is not UTF-8: line 2 has the byte 0xFC", Fails(_folder.PathOf("latin")));
        Assert.AreEqual("Grüß Gott.", ParallelText.Read([_folder.PathOf("utf16")])[1].German);
    }

    [TestMethod]
    public void NamesTheLengthsOfUnequalFiles()
    {
        string message = Fails(_folder.Write("g", "a\nb\n"), _folder.Write("e", "a\n"));
        Assert.Contains("has 2 lines", message);
        Assert.Contains("has 1;", message);
    }

    [TestMethod]
    public void RefusesEmptyData() => Assert.Contains("no sentence pair", Fails(_folder.Write("a.tsv", "\n")));

    [TestMethod]
    public void RefusesAMissingFile() => Assert.Contains("does not exist", Fails(_folder.PathOf("none")));

    [TestMethod]
    public void RefusesAFolder() => Assert.Contains("is a folder", Fails(_folder.Path));

    [TestMethod]
    public void RefusesGzipThatWasCutOff()
    {
        string whole = _folder.WriteGzip("whole", string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"{i * 7919}\t{i * 104729}")));
        byte[] bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(_folder.PathOf("cut"), bytes[..(bytes.Length / 2)]);
        Assert.Contains("cut off", Fails(_folder.PathOf("cut")));
    }

    private static string Fails(params string[] paths) =>
        Assert.ThrowsExactly<SampleException>(() => ParallelText.Read(paths)).Message;
}
