namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Searches with a language model and a word list, times of words, rows side by side.</summary>
[TestClass]
public sealed class SpeechDecodingTests
{
    [TestMethod]
    public void Alternatives_are_distinct_and_the_first_is_the_prediction()
    {
        SpeechRecognitionTransformer model = TinySpeechModel.Trained.WithDecoding(new CtcDecodingOptions { BeamWidth = 8, Alternatives = 3, LanguageModelWeight = 0 });
        foreach (TranscriptRow row in TinySpeechModel.Score(model, TinySpeech.Rows.Take(5)))
        {
            Assert.HasCount(3, row.Alternatives);
            CollectionAssert.AllItemsAreUnique(row.Alternatives);
            Assert.AreEqual(row.PredictedTranscript, row.Alternatives[0]);
            Assert.AreEqual(row.Score, row.AlternativeScores[0]);
            CollectionAssert.AreEqual(row.AlternativeScores.OrderDescending().ToArray(), row.AlternativeScores);
            Assert.IsLessThanOrEqualTo(1e-3f, row.Score);
        }
    }

    [TestMethod]
    public void The_word_list_of_the_training_transcripts_restricts_what_is_heard()
    {
        SpokenRow[] strange = [TinySpeech.Say("dab", 1), TinySpeech.Say("baca", 2), TinySpeech.Say("ccc da", 3)];
        SpeechRecognitionTransformer free = TinySpeechModel.Trained.WithDecoding(new CtcDecodingOptions { BeamWidth = 32, LanguageModelWeight = 0 });
        SpeechRecognitionTransformer restricted = free.WithDecoding(free.Decoding with { RestrictToWordList = true });

        string[] heard = [.. TinySpeechModel.Transcribe(free, strange).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        string[] allowed = [.. TinySpeechModel.Transcribe(restricted, strange).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

        Assert.IsTrue(heard.Except(free.Words).Any(), "Every word that was heard is in the list, so nothing would be restricted.");
        Assert.IsEmpty(allowed.Except(free.Words));
        Assert.IsNotEmpty(allowed);
    }

    [TestMethod]
    public void Another_language_model_changes_what_is_heard()
    {
        NGramLanguageModel onlyDa = NGramLanguageModel.Estimate(["da", "da da", "da da da"], order: 2);
        CtcDecodingOptions decoding = new() { BeamWidth = 32, LanguageModelWeight = 60, MinimumProbability = 0, PruningThreshold = double.PositiveInfinity };
        SpeechRecognitionTransformer model = TinySpeechModel.Trained.WithLanguageModel(onlyDa).WithDecoding(decoding);

        Assert.AreSame(onlyDa, model.LanguageModel);
        Assert.AreNotEqual("bad", TinySpeechModel.Transcribe(model, [TinySpeech.Say("bad", 1)]).Single());
        Assert.AreEqual("bad", TinySpeechModel.Transcribe(model.WithLanguageModel(null), [TinySpeech.Say("bad", 1)]).Single());
    }

    [TestMethod]
    public void A_language_model_comes_from_an_arpa_file()
    {
        string path = Path.GetTempFileName();
        try
        {
            NGramLanguageModel.Estimate(["ab da", "da bad"], order: 2).SaveArpa(path);
            var mlContext = new MLContext(1);
            SpeechRecognitionOptions options = TinySpeech.Options(1);
            options.LanguageModelFile = path;

            SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(TinySpeech.Load(mlContext));

            NGramLanguageModel expected = NGramLanguageModel.LoadArpa(path);
            Assert.AreEqual(expected.LogProbability("ab da"), TinySpeechModel.Load(TinySpeechModel.Zip(model)).LanguageModel!.LogProbability("ab da"), 1e-6);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_language_model_that_cannot_be_written_with_the_alphabet_is_refused_before_training()
    {
        string path = Path.GetTempFileName();
        try
        {
            NGramLanguageModel.Estimate(["AB DA"], order: 1).SaveArpa(path);
            var mlContext = new MLContext(1);
            SpeechRecognitionOptions options = TinySpeech.Options(100_000);
            options.LanguageModelFile = path;
            Assert.Throws<ArgumentException>(() => mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(TinySpeech.Load(mlContext)));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [TestMethod]
    public void A_language_model_of_characters_is_estimated_and_used()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        (options.LanguageModelOrder, options.LanguageModelUnit) = (3, LanguageModelUnit.Character);

        SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(TinySpeech.Load(mlContext));

        Assert.AreEqual(LanguageModelUnit.Character, model.LanguageModel!.Unit);
        Assert.IsGreaterThan(model.LanguageModel.LogProbability("bda"), model.LanguageModel.LogProbability("bad"));
    }

    [TestMethod]
    public void Words_have_times_that_are_where_they_were_said()
    {
        SpokenRow spoken = TinySpeech.Say("da bad ab", 5);
        var mlContext = new MLContext();
        float[] times = mlContext.Data.CreateEnumerable<TimesRow>(TinySpeechModel.Trained.Transform(TinySpeech.Load(mlContext, [spoken])), false).Single().WordTimes;

        Assert.HasCount(6, times);
        const double secondsOfLetter = TinySpeech.FramesOfLetter * 0.01;
        int[] starts = [0, 3, 7], lengths = [2, 3, 2];
        for (int word = 0; word < 3; word++)
        {
            Assert.IsLessThan(times[(2 * word) + 1], times[2 * word]);
            Assert.AreEqual(starts[word] * secondsOfLetter, times[2 * word], secondsOfLetter);
            Assert.AreEqual((starts[word] + lengths[word]) * secondsOfLetter, times[(2 * word) + 1], 1.2 * secondsOfLetter);
        }
    }

    [TestMethod]
    public void A_table_is_scored_as_its_rows_are_one_by_one()
    {
        var mlContext = new MLContext();
        SpokenRow[] rows = [.. Enumerable.Range(0, 60).Select(i => i % 17 == 3 ? new SpokenRow() : TinySpeech.Rows[i])];
        TranscriptRow[] together = TinySpeechModel.Score(TinySpeechModel.Trained, rows);
        for (int i = 0; i < rows.Length; i++)
        {
            TranscriptRow alone = TinySpeechModel.Score(TinySpeechModel.Trained, [rows[i]]).Single();
            Assert.AreEqual(alone.PredictedTranscript, together[i].PredictedTranscript);
            Assert.AreEqual(alone.Score, together[i].Score, 1e-4 * (1 + Math.Abs(alone.Score)));
        }
    }

    [TestMethod]
    public void Transcripts_are_lower_cased_when_asked_for()
    {
        var mlContext = new MLContext(1);
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        options.LowerCase = true;
        SpokenRow[] rows = [.. TinySpeech.Rows.Select((row, i) => new SpokenRow { Frames = row.Frames, Transcript = i % 2 == 0 ? row.Transcript.ToUpperInvariant() : row.Transcript })];

        SpeechRecognitionTransformer model = mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(TinySpeech.Load(mlContext, rows));

        CollectionAssert.AreEqual(new[] { "ab", "bad", "cad", "da", "dac" }, model.Words.ToArray());
    }

    private sealed class TimesRow
    {
        public float[] WordTimes { get; set; } = [];
    }
}
