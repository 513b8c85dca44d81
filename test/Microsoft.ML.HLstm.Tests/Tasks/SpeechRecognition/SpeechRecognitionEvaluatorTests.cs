namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

[TestClass]
public sealed class SpeechRecognitionEvaluatorTests
{
    private static readonly MLContext _mlContext = new(1);

    [TestMethod]
    public void Scored_data_is_measured_by_its_columns()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(new[]
        {
            new { Label = "hello world", PredictedTranscript = "hello duck" },
            new { Label = "I like monthy python", PredictedTranscript = "i like python" },
            new { Label = "", PredictedTranscript = "" },
        });
        SpeechRecognitionMetrics metrics = _mlContext.SpeechRecognition.Evaluate(data, lowerCase: true, worstUtterances: 1);
        Assert.AreEqual(2.0 / 6, metrics.WordErrorRate, 1e-12);
        Assert.AreEqual(new ErrorCounts(4, 1, 1, 0), metrics.Words);
        Assert.AreEqual(0.375, metrics.MeanWordErrorRate, 1e-12);
        Assert.AreEqual(2.0 / 3, metrics.SentenceErrorRate, 1e-12);
        Assert.AreEqual(metrics.Characters.Rate, metrics.CharacterErrorRate);
        Assert.AreEqual(3, metrics.Utterances);
        Assert.HasCount(1, metrics.Worst);
        Assert.StartsWith("WER 33.33 % (#C #S #D #I) 4 1 1 0, CER ", metrics.ToString());
        Assert.EndsWith(" mean WER 37.50 %, 3 utterances, 2 with errors", metrics.ToString());

        SpeechRecognitionMetrics withCase = _mlContext.SpeechRecognition.Evaluate(data, "Label", "PredictedTranscript");
        Assert.AreEqual(3.0 / 6, withCase.WordErrorRate, 1e-12);
    }

    [TestMethod]
    public void What_cannot_be_measured_is_refused()
    {
        IDataView silent = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = " ", PredictedTranscript = "a" } });
        Assert.Contains("1 rows, and no word in column 'Label'", Error<InvalidOperationException>(silent));
        IDataView none = _mlContext.Data.FilterRowsByColumn(_mlContext.Data.LoadFromEnumerable(new[] { new { Label = "a", PredictedTranscript = "a", Number = 1f } }), "Number", 2, 3);
        Assert.Contains("0 rows", Error<InvalidOperationException>(none));

        IDataView numbers = _mlContext.Data.LoadFromEnumerable(new[] { new { Label = 1f, PredictedTranscript = "a" } });
        Assert.Contains("Label", Error<ArgumentOutOfRangeException>(numbers));
        Assert.Contains("Other", Error<ArgumentOutOfRangeException>(silent, "Other"));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _mlContext.SpeechRecognition.Evaluate(silent, worstUtterances: -1));
    }

    private static string Error<T>(IDataView data, string predicted = "PredictedTranscript") where T : Exception =>
        Assert.ThrowsExactly<T>(() => _mlContext.SpeechRecognition.Evaluate(data, predictedColumnName: predicted)).Message;
}
