namespace Microsoft.ML.HLstm.Metrics;

/// <summary>The expected tokens are what sacreBLEU's Tokenizer13a gave for these made-up sentences.</summary>
[TestClass]
public class Tokenizer13aTests
{
    [TestMethod]
    [DataRow("Hello, world!", "Hello , world !")]
    [DataRow("It costs $1,000.50 (net).", "It costs $ 1,000.50 ( net ) .")]
    [DataRow("A state-of-the-art 5-star hotel", "A state-of-the-art 5 - star hotel")]
    [DataRow("e-mail me: a@b.c/d?x=1&y=2", "e-mail me : a @ b . c / d ? x = 1 & y = 2")]
    [DataRow("&quot;Tom &amp; Jerry&quot; &lt;b&gt;", "\" Tom & Jerry \" < b >")]
    [DataRow("&amp;quot; &amp;lt;", "& quot ; <")]
    [DataRow("wait...what,no", "wait . . . what , no")]
    [DataRow("3.14, 2,5. 7.", "3.14 , 2,5 . 7 .")]
    [DataRow(".5 5. ,", ". 5 5 . ,")]
    [DataRow("1.a a.1 .. ,,", "1 . a a . 1 . . , ,")]
    [DataRow("don't '90s", "don't '90s")]
    [DataRow("10-year -5 3-", "10 - year -5 3 -")]
    [DataRow("a<skipped>b", "ab")]
    [DataRow("line-\nbreak\nnext", "linebreak next")]
    [DataRow("«Ça va» – oui… 🙂.", "«Ça va» – oui… 🙂 .")]
    [DataRow("[x]{y}|z~`^_\\", "[ x ] { y } | z ~ ` ^ _ \\")]
    [DataRow("٣.٤", "٣ . ٤")]
    [DataRow("tab\tnbsp\u00A0em\u2003x\u001Fy", "tab nbsp em x y")]
    [DataRow("", "")]
    [DataRow(" \t ", "")]
    public void SplitsAsSacreBleuDoes(string text, string expected) =>
        Assert.AreEqual(expected, string.Join(' ', Tokenizer13a.Tokenize(text)));

    [TestMethod]
    [DataRow("ΟΔΟΣ ΤΗΣ ΑΘΗΝΑΣ ΣΑ ΑΣ. Σ", "οδος της αθηνας σα ας. σ")]
    [DataRow("İstanbul ÄÖ ẞ 𐐀", "i\u0307stanbul äö ß 𐐨")]
    public void LowerCasesAsPythonDoes(string text, string expected) => Assert.AreEqual(expected, LowerCase.Convert(text));
}
