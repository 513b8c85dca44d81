using Microsoft.ML.HLstm.Tests.TestSupport;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Data that is not as it should be.</summary>
[TestClass]
public sealed class SpeechBadInputTests
{
    [TestMethod]
    public void Frames_without_their_width_are_refused_with_the_cure()
    {
        var mlContext = new MLContext(1);
        string message = Assert.Throws<ArgumentOutOfRangeException>(
            () => mlContext.SpeechRecognition.Trainers.Lstm(TinySpeech.Options()).Fit(TinySpeech.Load(mlContext, width: null))).Message;
        Assert.Contains("'Frames'", message);
        Assert.Contains("annotation 'FrameWidth' (ComputeSpectrogram writes it; for frames of your own, AddAnnotation", message);
        Assert.Contains("without it", message);
        Assert.Contains("'FrameWidth' = 0", Assert.Throws<ArgumentOutOfRangeException>(
            () => mlContext.SpeechRecognition.Trainers.Lstm(TinySpeech.Options()).Fit(TinySpeech.Load(mlContext, width: 0))).Message);
    }

    [TestMethod]
    public void Frames_of_another_width_or_distance_are_refused()
    {
        var mlContext = new MLContext(1);
        Assert.Contains("frames of 3 numbers, where 6 are needed", Assert.Throws<ArgumentOutOfRangeException>(
            () => TinySpeechModel.Trained.Transform(TinySpeech.Load(mlContext, width: 3))).Message);
        Assert.Contains("frames every 20 ms, where every 10 ms is needed", Assert.Throws<ArgumentOutOfRangeException>(
            () => TinySpeechModel.Trained.Transform(TinySpeech.Load(mlContext, rate: 8_000))).Message);
        SpeechRecognitionOptions options = TinySpeech.Options(100_000);
        options.ValidationSet = TinySpeech.Load(mlContext, width: 3);
        Assert.Contains("where 6 are needed", FitError<ArgumentOutOfRangeException>(options, TinySpeech.Rows));
    }

    [TestMethod]
    public void Frames_of_unknown_distance_are_scored_but_have_no_word_times()
    {
        var mlContext = new MLContext(1);
        IDataView timeless = TinySpeech.Load(mlContext, hop: null);
        Assert.HasCount(TinySpeech.Rows.Count, mlContext.Data.CreateEnumerable<TranscriptRow>(TinySpeechModel.Trained.Transform(timeless), false).ToArray());

        SpeechRecognitionOptions options = TinySpeech.Options();
        options.WordTimesColumnName = "Times";
        string message = Assert.Throws<InvalidOperationException>(() => mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(timeless)).Message;
        Assert.Contains("WordTimesColumnName is 'Times'", message);
        Assert.Contains("'FrameHop' and 'SampleRate' are needed", message);
    }

    [TestMethod]
    public void No_rows_is_refused() =>
        Assert.Contains("training data has 0 rows; at least one row with 'Frames' and 'Transcript' is needed", FitError<InvalidOperationException>(TinySpeech.Options(), []));

    [TestMethod]
    public void Only_rows_that_cannot_be_used_is_refused_with_the_reasons()
    {
        string message = FitError<InvalidOperationException>(TinySpeech.Options(),
            [new SpokenRow { Frames = new float[6] }, new SpokenRow { Frames = new float[6], Transcript = " " }, new SpokenRow { Transcript = "a" }]);
        Assert.Contains("3 rows, and none can be used: 2 with an empty transcript (rows 0, 1); 1 with no frames (row 2)", message);

        // One frame is one step; two of the rows are held out.
        SpokenRow[] tooLong = [.. Enumerable.Range(0, 8).Select(_ => new SpokenRow { Frames = new float[6], Transcript = "ab" })];
        message = FitError<InvalidOperationException>(TinySpeech.Options(), tooLong);
        Assert.Contains("6 rows with frames and transcripts, and none can be used: 6 with a transcript of more labels", message);
    }

    [TestMethod]
    public void Rows_that_cannot_be_used_are_left_out_with_a_warning()
    {
        var mlContext = new MLContext(1);
        List<string> warnings = Warnings.Of(mlContext);
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        options.ValidationSet = TinySpeech.Load(mlContext, TinySpeech.Rows.Take(3));
        // Two strides of 2 leave 2 steps of 8 frames; "aa" needs a blank between its labels, "ab" none.
        options.Convolutions = [new(4, 3, 3, 2, 1), new(4, 3, 3, 2, 1)];
        var fits = new SpokenRow { Frames = new float[8 * 6], Transcript = "ab" };
        var not = new SpokenRow { Frames = new float[8 * 6], Transcript = "aa" };

        mlContext.SpeechRecognition.Trainers.Lstm(options).Fit(TinySpeech.Load(mlContext, [fits, not, new SpokenRow { Transcript = "a" }, .. TinySpeech.Rows, not]));

        Assert.IsTrue(warnings.Any(text => text.Contains("1 of 64 rows of the training data are left out: 1 with no frames (row 2).", StringComparison.Ordinal)), string.Join('\n', warnings));
        Assert.IsTrue(warnings.Any(text => text.Contains("2 with a transcript of more labels, with blanks between equal ones, than the network has steps (rows 1, 63)", StringComparison.Ordinal)), string.Join('\n', warnings));
    }

    [TestMethod]
    public void Numbers_that_are_no_frames_are_refused_with_their_row()
    {
        Assert.Contains("Row 1 of the training data has 5 numbers in column 'Frames'; a multiple of 6", FitError<InvalidOperationException>(TinySpeech.Options(), [TinySpeech.Rows[0], new SpokenRow { Frames = new float[5], Transcript = "a" }]));
        float[] frames = new float[12];
        frames[8] = float.NaN;
        Assert.Contains("has NaN in frame 1, place 2, of column 'Frames'", FitError<InvalidOperationException>(TinySpeech.Options(), [new SpokenRow { Frames = frames, Transcript = "a" }]));
        Exception scoring = Assert.Throws<Exception>(() => TinySpeechModel.Transcribe(TinySpeechModel.Trained, [new SpokenRow { Frames = frames }]));
        Assert.Contains("has NaN in frame 1", scoring.ToString());
    }

    [TestMethod]
    public void Silence_is_the_empty_transcript()
    {
        TranscriptRow row = TinySpeechModel.Score(TinySpeechModel.Trained, [new SpokenRow()]).Single();
        Assert.AreEqual("", row.PredictedTranscript);
        Assert.AreEqual(0, row.Score);
        CollectionAssert.AreEqual(new[] { "" }, row.Alternatives);
    }

    [TestMethod]
    public void A_character_that_the_initial_model_does_not_know_is_named()
    {
        var mlContext = new MLContext(1);
        SpokenRow strange = new() { Frames = TinySpeech.Rows[2].Frames, Transcript = "xa" };
        SpeechRecognitionOptions options = TinySpeech.Options(1);
        options.ValidationSet = TinySpeech.Load(mlContext);
        string message = Assert.Throws<InvalidOperationException>(
            () => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext, [strange]), TinySpeechModel.Trained)).Message;
        Assert.Contains("1 with the character 'x', which the initial model does not know (row 0)", message);
    }

    [TestMethod]
    public void A_single_row_cannot_be_held_out() =>
        Assert.Contains("1 row that can be used; at least 2 are needed", FitError<InvalidOperationException>(TinySpeech.Options(), [TinySpeech.Rows[0]]));

    private static string FitError<TError>(SpeechRecognitionOptions options, IEnumerable<SpokenRow> rows) where TError : Exception
    {
        var mlContext = new MLContext(1);
        return Assert.Throws<TError>(() => mlContext.SpeechRecognition.Trainers.HLstm(options).Fit(TinySpeech.Load(mlContext, rows))).Message;
    }
}
