using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Tests.Inference;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

[TestClass]
public class UnknownWordTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void An_unknown_word_is_replaced_by_the_source_word_attended_to(int seed)
    {
        TextVocabulary source = WordVocabulary.Learn(["ich sehe ein haus"], false, 1), target = WordVocabulary.Learn(["i see a house"], false, 1);
        TranslationWeights weights = new RandomWeights(seed).Translation(sourceVocabulary: source.Count, targetVocabulary: target.Count);
        // A network that says nothing but "unknown".
        weights.OutputProjection.Bias[SpecialTokens.Unknown] = 1000;
        var model = new TranslationModel(source, target, weights, 100, 0, 0);
        string[] words = ["ich", "kenne", "Zorro", "aus", "Quito"];

        string text = new SentenceTranslator(model, new DecodingOptions { BeamWidth = 1, MaximumLength = 4 }).Translate(string.Join(' ', words), out _)[0].Text;

        BeamHypothesis hypothesis = new TranslationScorer(weights).Translate(source.Encode(string.Join(' ', words)), new BeamSearchOptions { BeamWidth = 1, MaximumLength = 4 })[0];
        Assert.HasCount(4, hypothesis.Tokens);
        Assert.AreEqual(string.Join(' ', hypothesis.Attended.Select(at => words[at])), text);
    }
}
