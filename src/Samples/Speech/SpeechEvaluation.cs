using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Speech;

/// <summary>Measures a speech model: error rates, worst recordings, speed.</summary>
internal static class SpeechEvaluation
{
    public static Evaluation Run(MLContext mlContext, ITransformer model, IDataView data, bool lowerCase, int worst)
    {
        SpeechRecognitionTransformer recognising = ModelChain.Find<SpeechRecognitionTransformer>(model);
        string[] files = [.. data.GetColumn<string>(nameof(SpeechRow.Audio))];
        double audioSeconds = SecondsOfAudio(model, data);
        // The first recording pays for compilation; it is scored once before the clock starts.
        _ = model.Transform(mlContext.Data.TakeRows(data, 1)).GetColumn<string>(SpeechRecognitionTransformer.PredictedColumnName).Count();
        var watch = Stopwatch.StartNew();
        string[] predicted = [.. model.Transform(data).GetColumn<string>(SpeechRecognitionTransformer.PredictedColumnName)];
        TimeSpan elapsed = watch.Elapsed;

        // Evaluating what was kept does not score everything a second time.
        IDataView scored = mlContext.Data.LoadFromEnumerable(data.GetColumn<string>(nameof(SpeechRow.Transcript))
            .Zip(predicted, (transcript, prediction) => new Recognised { Transcript = transcript, PredictedTranscript = prediction }));
        SpeechRecognitionMetrics metrics = mlContext.SpeechRecognition.Evaluate(
            scored, nameof(Recognised.Transcript), lowerCase: lowerCase, worstUtterances: worst);
        return new Evaluation(
            new Dictionary<string, double>
            {
                ["WER"] = 100 * metrics.WordErrorRate,
                ["CER"] = 100 * metrics.CharacterErrorRate,
                ["mean WER of utterances"] = 100 * metrics.MeanWordErrorRate,
                ["mean CER of utterances"] = 100 * metrics.MeanCharacterErrorRate,
                ["utterances with errors"] = 100 * metrics.SentenceErrorRate,
            },
            $"percent|words:whitespace|case:{(lowerCase ? "lc" : "mixed")}|beam:{recognising.Decoding.BeamWidth}|lm:{(recognising is { LanguageModel: { } lm, Decoding.LanguageModelWeight: > 0 } ? $"{lm.Order}-gram {lm.Unit}" : "none")}",
            predicted.Length, elapsed.TotalMilliseconds / predicted.Length, recognising.Statistics)
        {
            Counts = new Dictionary<string, long>
            {
                ["words"] = metrics.Words.ReferenceLength,
                ["substitutions"] = metrics.Words.Substitutions,
                ["deletions"] = metrics.Words.Deletions,
                ["insertions"] = metrics.Words.Insertions,
            },
            Speeds = new Dictionary<string, double>
            {
                ["seconds of audio"] = audioSeconds,
                ["times faster than real time"] = audioSeconds / elapsed.TotalSeconds,
            },
            Worst = [.. metrics.Worst.Select(errors => $"{files[errors.Row]}: {errors.Words}\n{errors.Alignment}")],
        };
    }

    /// <summary>Reads every file once, which also brings all of them into memory before the clock starts.</summary>
    private static double SecondsOfAudio(ITransformer model, IDataView data)
    {
        AudioLoadingTransformer loading = ModelChain.Find<AudioLoadingTransformer>(model);
        return loading.Transform(data).GetColumn<float[]>(SpeechOptions.Waveform).Sum(samples => (double)samples.Length / loading.SampleRate);
    }

    private sealed class Recognised
    {
        public string Transcript { get; set; } = "";

        public string PredictedTranscript { get; set; } = "";
    }
}
