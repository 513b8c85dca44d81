using Microsoft.ML;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples;

[TestClass]
public sealed class ConvertCommandTests
{
    private static readonly string _shipped = Path.Combine(AppContext.BaseDirectory, "models", "translate-de-en.zip");

    [TestMethod]
    public void A_converted_zip_is_smaller_and_keeps_the_connections()
    {
        using var folder = new TempFolder();
        string output = folder.PathOf("small.zip");
        Assert.AreEqual(0, SampleCommandLine.Run(["translate", "convert", "--model", _shipped, "--precision", "int8", "--output", output], Console.Error));

        TranslationTransformer before = Load(_shipped), after = Load(output);
        Assert.AreEqual(WeightPrecision.Int8, after.Precision);
        Assert.AreEqual(before.Statistics, after.Statistics);
        Assert.IsLessThan(new FileInfo(_shipped).Length, new FileInfo(output).Length);
    }

    [TestMethod]
    public void A_shortlist_comes_and_goes()
    {
        using var folder = new TempFolder();
        string data = folder.PathOf("data.tsv"), few = folder.PathOf("few.zip"), whole = folder.PathOf("whole.zip");
        File.WriteAllText(data, "This is a house.\tDas ist ein Haus.\nThat is a tree.\tDas ist ein Baum.\n");
        Assert.AreEqual(0, SampleCommandLine.Run(["translate", "convert", "--model", _shipped, "--shortlist-size", "7", "--data", data, "--output", few], Console.Error));
        Assert.AreEqual(0, SampleCommandLine.Run(["translate", "convert", "--model", few, "--shortlist-size", "0", "--output", whole], Console.Error));
        Assert.AreEqual(7, Load(few).ShortlistSize);
        Assert.AreEqual(0, Load(whole).ShortlistSize);
        Assert.AreEqual(Load(_shipped).Precision, Load(few).Precision);
    }

    [TestMethod]
    [DataRow("translate convert --output a.zip --shortlist-size 5", "--shortlist-size needs --data")]
    [DataRow("translate convert --output a.zip --data a.tsv", "no effect without --shortlist-size")]
    [DataRow("speech convert --output a.zip", "Nothing is to change; give --precision")]
    [DataRow("speech convert --output a.zip --held-out-speakers s.txt", "--held-out-speakers has no effect without --data")]
    [DataRow("speech convert --output a.zip --data a.tsv --beam 3", "--beam and --data both say how to search")]
    [DataRow("translate convert --output a.zip", "--precision")]
    [DataRow("translate convert --precision int8", "--output")]
    [DataRow("translate convert --precision int4 --output a.zip", "allowed is single, half, int8")]
    [DataRow("translate convert --precision 2 --output a.zip", "--precision is '2'")]
    public void WrongUsageIsOneMessage(string line, string message)
    {
        var error = new StringWriter();
        Assert.AreEqual(SampleCommandLine.WrongUsage, SampleCommandLine.Run(line.Split(' '), error));
        Assert.Contains(message, error.ToString());
    }

    private static TranslationTransformer Load(string path) => ModelChain.Find<TranslationTransformer>(new MLContext().Model.Load(path, out _));
}
