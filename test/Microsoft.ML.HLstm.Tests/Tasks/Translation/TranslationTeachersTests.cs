using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Featurizers;
using Microsoft.ML.HLstm.Tasks.Translation;
using Samples;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tests.Tasks.Translation;

/// <summary>Training with trained models to learn from.</summary>
[TestClass]
public class TranslationTeachersTests
{
    [TestMethod]
    public void A_network_believes_its_teachers_instead_of_the_labels_when_they_decide_everything()
    {
        SentenceRow[] swapped = [.. TinyCorpus.Rows.Select(row => new SentenceRow { German = row.German, English = Swap(row.English) })];
        TranslationTransformer teacher = Fit(TinyCorpus.Options(20), swapped);
        TranslationOptions options = TinyCorpus.Options(20);
        options.StateSize = 20;
        (options.Teachers, options.TeacherShare) = ([teacher, teacher], 1);

        TranslationTransformer student = Fit(options);

        string[] sentences = ["ich sehe ein hund .", "wir kaufe ein haus .", "du male ein baum ."];
        CollectionAssert.AreEqual((string[])["i see a house .", "we buy a dog .", "you paint a tree ."], TinyModel.Translate(student, sentences));
    }

    [TestMethod]
    [DataRow(1, false, 0.1)]
    [DataRow(2, true, 0.1)]
    [DataRow(0, false, 1.0)]
    public void Teachers_predict_what_they_score_and_on_average_together(int layers, bool shared, double density)
    {
        TranslationOptions options = TinyCorpus.Options(8);
        (options.GateHiddenLayers, options.ShareGateHidden, options.MaximumLength) = (layers, shared, 8);
        options.Decoding = options.Decoding with { BeamWidth = 1 };
        if (density < 1)
            options.GrowAndPrune = GrowAndPruneSchedule.Compact with { PruningRounds = 1, PruningRatio = 1 - density, TargetDensity = density, AllowedLoss = 1, GrowthRounds = 0 };
        TranslationTransformer pruned = Fit(options);
        string[] sentences = ["ich sehe ein hund .", "ihr male ein buch ."];
        (string[] texts, float[] scores) = Scored(pruned, sentences);
        TextVocabulary target = pruned.Model.Target;
        SentencePair[] pairs = [.. texts.Select((text, i) => new SentencePair(i, [], target.Encode(text)))];

        using var scope = NewDisposeScope();
        float[] Predict(params TranslationTransformer[] models)
        {
            using var teachers = new TranslationTeachers([.. models.Select(model => model.Model)], sentences, pairs, target);
            using (no_grad())
                return teachers.Predict([0, 1]).data<float>().ToArray();
        }

        float[] alone = Predict(pruned), other = Predict(TinyModel.Trained), together = Predict(pruned, TinyModel.Trained);
        for (int row = 0, at = 0; row < pairs.Length; row++)
        {
            double sum = 0;
            foreach (int token in (int[])[.. pairs[row].Target, TextVocabulary.End])
                sum += Math.Log(alone[at++ * target.Count + token]);
            Assert.AreEqual(scores[row], sum, 1e-4);
        }

        for (int i = 0; i < together.Length; i++)
            Assert.AreEqual(0.5 * (alone[i] + other[i]), together[i], 1e-6);
    }

    [TestMethod]
    public void Another_target_vocabulary_is_refused_before_training_and_named()
    {
        TranslationOptions options = TinyCorpus.Options(1);
        options.Teachers = [TinyModel.Trained];
        SentenceRow[] other = [.. TinyCorpus.Rows.Select(row => new SentenceRow { German = row.German, English = row.English.Replace("dog", "cat") })];
        SentenceRow[] more = [.. other.Concat(TinyCorpus.Rows)];

        string entry = Assert.Throws<ArgumentException>(() => Fit(options, other)).Message, count = Assert.Throws<ArgumentException>(() => Fit(options, more)).Message;
        Assert.Contains("Teachers[0] has '", entry);
        Assert.Contains("as entry", entry);
        Assert.Contains("Teachers[0] has 20 entries, and that of the training data has 21", count);
    }

    [TestMethod]
    public void Options_out_of_range_are_named()
    {
        TranslationOptions share = TinyCorpus.Options(1), missing = TinyCorpus.Options(1), none = TinyCorpus.Options(1);
        share.TeacherShare = 0;
        missing.Teachers = [null!];
        none.Teachers = null!;

        Assert.Contains("TeacherShare", Assert.Throws<ArgumentOutOfRangeException>(() => Fit(share)).Message);
        Assert.Contains("Teachers", Assert.Throws<ArgumentNullException>(() => Fit(missing)).Message);
        Assert.Contains("Teachers", Assert.Throws<ArgumentNullException>(() => Fit(none)).Message);
    }

    [TestMethod]
    public void A_checkpoint_belongs_to_its_teachers()
    {
        using var folder = new TempFolder();
        TranslationOptions options = TinyCorpus.Options(1);
        options.CheckpointFolder = folder.PathOf("checkpoints");
        options.Teachers = [TinyModel.Trained];
        byte[] weights = TinyModel.Weights(Fit(options));

        CollectionAssert.AreEqual(weights, TinyModel.Weights(Fit(options)));
        options.Teachers = [];
        Assert.Contains("Teacher=", Assert.Throws<CheckpointException>(() => Fit(options)).Message);
    }

    private static string Swap(string english) => english.Replace("dog", "?").Replace("house", "dog").Replace("?", "house");

    private static (string[] Texts, float[] Scores) Scored(TranslationTransformer model, string[] sentences)
    {
        var mlContext = new MLContext();
        IDataView scored = model.Transform(mlContext.Data.LoadFromEnumerable(sentences.Select(sentence => new SentenceRow { German = sentence })));
        return ([.. scored.GetColumn<string>("PredictedTranslation")], [.. scored.GetColumn<float>("Score")]);
    }

    private static TranslationTransformer Fit(TranslationOptions options, SentenceRow[]? rows = null)
    {
        var mlContext = new MLContext(1);
        return mlContext.Translation.Trainers.HLstm(options).Fit(TinyCorpus.Load(mlContext, rows));
    }
}
