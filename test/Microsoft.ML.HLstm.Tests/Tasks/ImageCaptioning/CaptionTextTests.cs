using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;

namespace Microsoft.ML.HLstm.Tests.Tasks.ImageCaptioning;

[TestClass]
public class CaptionTextTests
{
    [TestMethod]
    [DataRow("A dog, running .", "a dog running")]
    [DataRow("\"Two\" men's T-shirts - 3rd row!", "two men's t-shirts 3rd row")]
    [DataRow("left,right", "left right")]
    [DataRow(" 'quoted' -- ", "quoted")]
    [DataRow("?!", "")]
    [DataRow("ein Ärmel \ud83d\ude00 \ud835\udd38", "ein ärmel \ud835\udd38")]
    public void Words_stay_and_punctuation_goes(string caption, string expected) => Assert.AreEqual(expected, CaptionText.Normalize(caption, lowerCase: true));

    [TestMethod]
    public void A_vocabulary_writes_back_what_it_has_read()
    {
        string text = CaptionText.Normalize("A man's T-shirt.", lowerCase: false);
        var vocabulary = WordVocabulary.Learn([text], lowerCase: false, minimumFrequency: 1);
        Assert.AreEqual("A man's T-shirt", vocabulary.Decode(vocabulary.Encode(text)));
    }
}
