using Samples.Commands;
using Samples.Speech;

namespace Samples;

[TestClass]
public sealed class SpeechFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void TheFolderOfAn4IsRead()
    {
        Touch("wav/an4_clstk/fash/an251-fash-b.sph", "wav/an4_clstk/mblw/an5-mblw-b.sph");
        Write("etc/an4_train.fileids", "an4_clstk/fash/an251-fash-b\nan4_clstk/mblw/an5-mblw-b\n");
        Write("etc/an4_train.transcription", "<s> U M N </s> (an251-fash-b)\nGO (an5-mblw-b)\n");

        IReadOnlyList<SpeechRow> rows = SpeechFiles.Read([_folder.Path], null);

        CollectionAssert.AreEqual(new[] { "U M N", "GO" }, rows.Select(row => row.Transcript).ToArray());
        Assert.AreEqual(Path.GetFullPath(_folder.PathOf("wav/an4_clstk/fash/an251-fash-b.sph")), rows[0].Audio);

        string speakers = Write("speakers", "mblw\n");
        Assert.AreEqual("GO", Speakers.Choose(rows, speakers, theirs: true).Single().Transcript);
        Assert.AreEqual("U M N", Speakers.Choose(rows, speakers, theirs: false).Single().Transcript);
        Assert.Contains("Of 2 recordings none is of one of the 1 speakers", Assert.Throws<SampleException>(() => Speakers.Choose(rows, Write("speakers", "nobody"), theirs: true)).Message);

        Write("etc/an4_train.transcription", "<s> U M N </s> (an251-fash-b)\n");
        Assert.Contains("has 2 lines and", Assert.Throws<SampleException>(() => SpeechFiles.Read([_folder.Path], null)).Message);
        Write("etc/an4_train.transcription", "<s> GO </s> (an5-mblw-b)\n<s> U M N </s> (an251-fash-b)\n");
        Assert.Contains("line 1 is of 'an5-mblw-b'", Assert.Throws<SampleException>(() => SpeechFiles.Read([_folder.Path], null)).Message);
    }

    [TestMethod]
    public void PathsOfATsvAreRelativeToIt()
    {
        Touch("data/a.wav", "data/b.sph");
        string tsv = Write("data/list.tsv", "a.wav\thello world\nb\tI'm here\n\n");
        IReadOnlyList<SpeechRow> rows = SpeechFiles.Read([tsv], null);
        CollectionAssert.AreEqual(new[] { "hello world", "I'm here" }, rows.Select(row => row.Transcript).ToArray());
        Assert.AreEqual(Path.GetFullPath(_folder.PathOf("data/b.sph")), rows[1].Audio);

        Assert.Contains("line 1 has 1 column", Assert.Throws<SampleException>(() => SpeechFiles.Read([Write("one.tsv", "a.wav")], null)).Message);
        Assert.Contains("line 1: there is no audio file", Assert.Throws<SampleException>(() => SpeechFiles.Read([Write("none.tsv", "none.wav\ta")], null)).Message);
        Assert.Contains("no recording", Assert.Throws<SampleException>(() => SpeechFiles.Read([Write("empty.tsv", "")], null)).Message);
    }

    [TestMethod]
    public void AListAndTranscriptsGoLineByLine()
    {
        Touch("audio/a.wav", "audio/b.wav");
        string list = Write("list", "a\nb\n"), transcripts = Write("text", "one two\n\n");
        IReadOnlyList<SpeechRow> rows = SpeechFiles.Read([list, transcripts], _folder.PathOf("audio"));
        CollectionAssert.AreEqual(new[] { "one two", "" }, rows.Select(row => row.Transcript).ToArray());
    }

    [TestMethod]
    public void ConvolutionsAreWrittenAsKernelsAndStrides()
    {
        var shapes = ConvolutionText.Parse("16x11x11/2x2, 32x21x7/1x2");
        Assert.HasCount(2, shapes);
        Assert.AreEqual(new Microsoft.ML.HLstm.ConvolutionShape(32, 21, 7, 1, 2), shapes[1]);
        foreach (string wrong in new[] { "", "16x11/2x2", "16x11x11", "ax1x1/1x1", "1x1x1/1x1x1" })
            Assert.Contains($"--conv has '{wrong}'", Assert.Throws<UsageException>(() => ConvolutionText.Parse(wrong)).Message);
    }

    private void Touch(params string[] empty)
    {
        foreach (string name in empty)
            Write(name, "");
    }

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.PathOf(name))!);
        return _folder.Write(name, text);
    }
}
