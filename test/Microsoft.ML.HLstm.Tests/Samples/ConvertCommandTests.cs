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
