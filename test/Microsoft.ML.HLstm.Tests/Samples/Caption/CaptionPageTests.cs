using Microsoft.ML.HLstm.Tests.TestSupport;
using Samples.Commands;

namespace Samples.Caption;

[TestClass]
public sealed class CaptionPageTests
{
    [TestMethod]
    public void APageHoldsItsImagesCaptionsAndAlternatives()
    {
        using var folder = new TempFolder();
        string image = TestImage.Write(folder.PathOf("a&b.png"), 1, 2, 3);
        var page = new CaptionPage(folder.PathOf("page.html"));
        page.Add(image, [new ScoredText("a <red> dog", -1.5f), new ScoredText("a \"dog\"", -2.25f)]);
        string html = File.ReadAllText(folder.PathOf("page.html"));
        Assert.StartsWith("<!DOCTYPE html>", html);
        Assert.Contains($"src=\"data:image/png;base64,{Convert.ToBase64String(File.ReadAllBytes(image))}\"", html);
        Assert.Contains("<strong>a &lt;red&gt; dog</strong>", html);
        Assert.Contains("a&amp;b.png, score -1.50", html);
        Assert.Contains("<tr><td>-2.25<td>a &quot;dog&quot;", html);
        Assert.DoesNotContain("http", html);
    }
}
