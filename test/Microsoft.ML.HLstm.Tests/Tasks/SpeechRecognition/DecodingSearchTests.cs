using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>How a recogniser searches where its options do not say.</summary>
[TestClass]
public sealed class DecodingSearchTests
{
    private static readonly CtcAlphabet _alphabet = new(["", " ", "a", "b", "c", "d"]);
    private static readonly string[] _texts = ["bad cad", "dab cab", "cab bad", "dab bad"];

    [TestMethod]
    public void What_the_network_mishears_and_the_words_correct_is_searched_for()
    {
        var language = new SpeechLanguage(_alphabet, ["bad", "cab", "cad", "dab"], NGramLanguageModel.Estimate(_texts, 2));
        // Every b sounds a little more like a c.
        float[][] recordings = Array.ConvertAll(_texts, text => Say(text, heard: 'c', said: 'b'));
        int tries = 0;

        var search = new DecodingSearch(language, recordings, _texts, 1);
        (CtcDecodingOptions best, double rate, double greedy) = search.Run(new Preparation(default, (_, _) => tries++), default);

        // "cad" alone is heard as it is said.
        Assert.AreEqual(7 / 8.0, greedy);
        Assert.IsLessThan(0.3, rate);
        Assert.IsGreaterThan(1, best.BeamWidth);
        Assert.IsGreaterThan(20, tries);
        var decoder = new CtcDecoder(search.Language.Scorer(best));
        int right = recordings.Zip(_texts, (recording, text) => decoder.Decode(recording)[0].Text.Split(' ').Zip(text.Split(' ')).Count(pair => pair.First == pair.Second)).Sum();
        Assert.AreEqual(1 - (right / 8.0), rate, 1e-9);
    }

    [TestMethod]
    public void Where_no_search_helps_there_is_none()
    {
        var language = new SpeechLanguage(_alphabet, ["bad", "cab", "cad", "dab"], NGramLanguageModel.Estimate(_texts, 2));
        float[][] recordings = Array.ConvertAll(_texts, text => Say(text, heard: 'b', said: 'b'));

        (CtcDecodingOptions best, double rate, double greedy) = new DecodingSearch(language, recordings, _texts, 2).Run(new Preparation(default), default);

        Assert.AreEqual((0, 0), (rate, greedy));
        Assert.AreEqual(DecodingSearch.Greedy, best);
    }

    [TestMethod]
    public void What_is_frequent_is_taken_away_where_that_helps()
    {
        // Every word is known and as likely as any other, so that only the frequent c speaks for "cad".
        string[] texts = ["bad", "bad", "cad", "cad", "cad", "cad", "cad", "cad"];
        var language = new SpeechLanguage(_alphabet, ["bad", "cad"], NGramLanguageModel.Estimate(["bad", "cad"], 1));
        float[][] recordings = [.. texts.Select((text, i) => i < 2 ? Say(text, heard: 'c', said: 'b') : Say(text, heard: 'c', said: 'c'))];

        (CtcDecodingOptions best, double rate, double greedy) = new DecodingSearch(language, recordings, texts, 1).Run(new Preparation(default), default);

        Assert.AreEqual((0.25, 0), (greedy, rate));
        Assert.IsGreaterThan(0, best.PriorWeight);
    }

    [TestMethod]
    [DataRow(new string[0])]
    [DataRow(new[] { "xyz" })]
    public void A_list_without_a_word_that_can_be_written_is_not_tried(string[] words)
    {
        var language = new SpeechLanguage(_alphabet, words, NGramLanguageModel.Estimate(_texts, 2));
        float[][] recordings = Array.ConvertAll(_texts, text => Say(text, heard: 'c', said: 'b'));
        var search = new DecodingSearch(language, recordings, _texts, 1);

        (CtcDecodingOptions best, double rate, double greedy) = search.Run(new Preparation(default), default);

        Assert.IsFalse(best.RestrictToWordList);
        Assert.IsLessThan(greedy, rate);
        Assert.IsFalse(search.BestOfFew(default).RestrictToWordList);
    }

    [TestMethod]
    public void Cancelled_it_takes_the_best_so_far_of_a_few_at_least()
    {
        var language = new SpeechLanguage(_alphabet, ["bad", "cab", "cad", "dab"], NGramLanguageModel.Estimate(_texts, 2));
        float[][] recordings = Array.ConvertAll(_texts, text => Say(text, heard: 'c', said: 'b'));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        int tries = 0;
        var search = new DecodingSearch(language, recordings, _texts, 1);
        (CtcDecodingOptions best, double rate, _) = search.Run(new Preparation(default, (_, _) => tries++), cancelled.Token);
        Assert.IsGreaterThan(1, best.BeamWidth);
        Assert.AreEqual(search.Rate(search.BestOfFew(default)), rate);

        using var soon = new CancellationTokenSource();
        int most = 0, after = 0;
        _ = new DecodingSearch(language, recordings, _texts, 1).Run(new Preparation(default, (done, of) =>
        {
            (most, after) = (of, after + 1);
            if (done > tries)
                soon.Cancel();
        }), soon.Token);
        Assert.AreEqual(tries + 1, after);
        Assert.IsGreaterThan(10 * tries, most);
    }

    [TestMethod]
    public void A_model_with_a_language_model_is_saved_with_its_search_and_one_without_is_greedy()
    {
        Assert.AreEqual(DecodingSearch.Greedy, Train(languageModelOrder: 0).Decoding);
        SpeechRecognitionTransformer searching = Train(languageModelOrder: 2);
        Assert.AreEqual(searching.Decoding, TinySpeechModel.Load(TinySpeechModel.Zip(searching)).Decoding);

        var mlContext = new MLContext(1);
        IDataView data = TinySpeech.Load(mlContext);
        double Rate(SpeechRecognitionTransformer model) => mlContext.SpeechRecognition.Evaluate(model.Transform(data), labelColumnName: nameof(SpokenRow.Transcript)).WordErrorRate;
        Assert.IsLessThanOrEqualTo(Rate(searching.WithDecoding(DecodingSearch.Greedy)), Rate(searching));
    }

    [TestMethod]
    public void Networks_are_compared_by_a_few_searches_and_the_one_that_is_chosen_is_no_worse()
    {
        var language = new SpeechLanguage(_alphabet, ["bad", "cab", "cad", "dab"], NGramLanguageModel.Estimate(_texts, 2));
        float[][] recordings = Array.ConvertAll(_texts, text => Say(text, heard: 'c', said: 'b'));
        var search = new DecodingSearch(language, recordings, _texts, 1);
        double few = search.Rate(search.BestOfFew(default));

        Assert.IsLessThan(0.5, few);
        Assert.IsLessThanOrEqualTo(few, new DecodingSearch(language, recordings, _texts, 1).Run(new Preparation(default), default).Rate);
        Assert.AreEqual(DecodingSearch.Greedy, new DecodingSearch(language with { Model = null }, recordings, _texts, 1).BestOfFew(default));
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new DecodingSearch(language, recordings, _texts, 1).BestOfFew(cancelled.Token));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void An_epochs_metric_is_the_word_accuracy_of_the_search_that_will_score(bool given)
    {
        CtcDecodingOptions? decoding = given ? new() { BeamWidth = 4, WordBonus = -1, PriorWeight = 0.2 } : null;
        SpeechRecognitionTransformer model = Train(languageModelOrder: 2, decoding, epochs: 2);
        var mlContext = new MLContext(1);
        double wrong = mlContext.SpeechRecognition.Evaluate(model.Transform(TinySpeech.Load(mlContext)), labelColumnName: nameof(SpokenRow.Transcript)).WordErrorRate;
        double metric = model.History.Epochs.Last(epoch => epoch.Best).Metric;

        if (given)
            Assert.AreEqual(100 * (1 - wrong), metric, 1e-9);
        else
            Assert.IsGreaterThanOrEqualTo(metric - 1e-9, 100 * (1 - wrong));
        Assert.AreNotEqual(model.History.Epochs[0].Metric, Train(languageModelOrder: 0, epochs: 2).History.Epochs[0].Metric);
    }

    [TestMethod]
    public void Of_many_recordings_a_share_is_searched_and_all_are_measured()
    {
        SpeechModel model = Train(languageModelOrder: 2, epochs: 1).Model;
        double Accuracy(int times)
        {
            var mlContext = new MLContext(1);
            using IChannel log = ((IHostEnvironment)mlContext).Register("test").Start("Test");
            IDataView data = TinySpeech.Load(mlContext, Enumerable.Repeat(TinySpeech.Rows, times).SelectMany(rows => rows));
            SpeechTranscripts held = SpeechTranscripts.Read(data, "data", TinySpeech.FrameWidth, TinySpeech.Options(), log);
            return new SpeechValidation(held, model.Language, given: null, threads: 1).WordAccuracy(model.Weights, default);
        }

        int frames = TinySpeech.Rows.Sum(row => row.Frames.Length / TinySpeech.FrameWidth), times = 1 + (60_000 / frames);

        // Every recording is there as often as any other, so that a share of them says what all say.
        Assert.AreEqual(Accuracy(1), Accuracy(times), 1);
    }

    [TestMethod]
    public void A_model_is_tuned_to_data_of_its_columns_after_training_too()
    {
        SpeechRecognitionTransformer model = Train(languageModelOrder: 2);
        var mlContext = new MLContext(1);
        IDataView data = TinySpeech.Load(mlContext);

        Assert.AreEqual(model.Decoding, model.WithDecoding(DecodingSearch.Greedy).WithTunedDecoding(data).Decoding);
        Assert.AreEqual(DecodingSearch.Greedy, model.WithLanguageModel(null).WithTunedDecoding(data).Decoding);
        // Tuning learns the priors, so that any weight can be asked for after it.
        CtcDecodingOptions withPriors = model.Decoding with { BeamWidth = 8, PriorWeight = 0.3 };
        SpeechRecognitionTransformer loaded = TinySpeechModel.Load(TinySpeechModel.Zip(model.WithDecoding(withPriors)));
        Assert.AreEqual(withPriors, loaded.Decoding);
        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(model.WithDecoding(withPriors)), TinySpeechModel.Transcribe(loaded));
        CollectionAssert.AreEqual(model.Model.Language.Priors!.LogProbabilities, loaded.Model.Language.Priors!.LogProbabilities);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.WithTunedDecoding(data, "Said")).Message, "Said");
        IDataView noFrames = mlContext.Transforms.DropColumns(nameof(SpokenRow.Frames)).Fit(data).Transform(data);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.WithTunedDecoding(noFrames)).Message, nameof(SpokenRow.Frames));
    }

    [TestMethod]
    public void A_search_with_priors_can_be_asked_for_before_training_and_only_of_a_model_that_has_some()
    {
        var decoding = new CtcDecodingOptions { BeamWidth = 4, PriorWeight = 0.4 };
        SpeechRecognitionTransformer model = Train(languageModelOrder: 2, decoding, classes: 3), loaded = TinySpeechModel.Load(TinySpeechModel.Zip(model));
        Assert.AreEqual(decoding, loaded.Decoding);
        Assert.AreEqual(3, loaded.LanguageModel!.Classes);
        CollectionAssert.AreEqual(TinySpeechModel.Transcribe(model), TinySpeechModel.Transcribe(loaded));

        SpeechRecognitionTransformer without = Train(languageModelOrder: 2, decoding with { PriorWeight = 0 });
        Assert.Contains("PriorWeight is 0.4", Assert.ThrowsExactly<ArgumentException>(() => without.WithDecoding(decoding)).Message);
    }

    private static SpeechRecognitionTransformer Train(int languageModelOrder, CtcDecodingOptions? decoding = null, int classes = 0, int epochs = 5)
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(epochs);
        (options.LanguageModelOrder, options.LanguageModelClasses, options.Decoding) = (languageModelOrder, classes, decoding);
        options.ValidationSet = TinySpeech.Load(mlContext);
        return mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(options.ValidationSet);
    }

    /// <summary>A blank after each letter; what is <paramref name="said"/> has 0.4, what is <paramref name="heard"/> in its place 0.6.</summary>
    private static float[] Say(string text, char heard, char said)
    {
        float[] probabilities = new float[2 * text.Length * _alphabet.Count];
        Array.Fill(probabilities, 1e-6f);
        for (int i = 0; i < text.Length; i++)
        {
            int step = 2 * i * _alphabet.Count;
            probabilities[step + _alphabet.Find(text[i].ToString())] = text[i] == said && heard != said ? 0.4f : 0.99f;
            if (text[i] == said && heard != said)
                probabilities[step + _alphabet.Find(heard.ToString())] = 0.59f;
            probabilities[step + _alphabet.Count] = 0.99f;
        }

        return Array.ConvertAll(probabilities, MathF.Log);
    }
}
