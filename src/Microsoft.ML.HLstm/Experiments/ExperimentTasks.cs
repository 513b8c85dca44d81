using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Tasks.Translation;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>What experiments know of each task.</summary>
internal static class ExperimentTasks
{
    /// <summary>Translation.</summary>
    public static ExperimentTask<TranslationOptions> Translation(MLContext mlContext) => new(
        nameof(Translation),
        [
            new("BLEU", LowerIsBetter: false, (scored, options) =>
                TranslationEvaluator.Evaluate(mlContext, scored, options.LabelColumnName, options.PredictedColumnName, options.LowerCase).Bleu),
        ],
        (options, algorithm) => algorithm == SearchSpace.Lstm ? mlContext.Translation.Trainers.Lstm(options) : mlContext.Translation.Trainers.HLstm(options),
        (trainer, train, initial) => ((TranslationTrainer)trainer).Fit(train, (TranslationTransformer)initial),
        model => (model as TranslationTransformer)?.Statistics);

    /// <summary>Speech recognition: error rates of words or of characters.</summary>
    public static ExperimentTask<SpeechRecognitionOptions> SpeechRecognition(MLContext mlContext)
    {
        return new(
            nameof(SpeechRecognition),
            [
                new("WER", LowerIsBetter: true, (scored, options) => Evaluate(scored, options).WordErrorRate),
                new("CER", LowerIsBetter: true, (scored, options) => Evaluate(scored, options).CharacterErrorRate),
            ],
            (options, algorithm) => algorithm == SearchSpace.Lstm ? mlContext.SpeechRecognition.Trainers.Lstm(options) : mlContext.SpeechRecognition.Trainers.HLstm(options),
            (trainer, train, initial) => ((SpeechRecognitionTrainer)trainer).Fit(train, (SpeechRecognitionTransformer)initial),
            model => (model as SpeechRecognitionTransformer)?.Statistics);

        SpeechRecognitionMetrics Evaluate(IDataView scored, SpeechRecognitionOptions options) =>
            SpeechRecognitionEvaluator.Evaluate(mlContext, scored, options.LabelColumnName, options.PredictedColumnName, lowerCase: false, worstUtterances: 0);
    }

    /// <summary>Image captioning.</summary>
    public static ExperimentTask<ImageCaptioningOptions> ImageCaptioning(MLContext mlContext)
    {
        return new(
            nameof(ImageCaptioning),
            [
                new("CIDEr-D", LowerIsBetter: false, (scored, options) => Evaluate(scored, options).CiderD),
                new("BLEU-4", LowerIsBetter: false, (scored, options) => Evaluate(scored, options).Bleu4),
                new("ROUGE-L", LowerIsBetter: false, (scored, options) => Evaluate(scored, options).RougeL),
            ],
            (options, algorithm) => algorithm == SearchSpace.Lstm ? mlContext.ImageCaptioning.Trainers.Lstm(options) : mlContext.ImageCaptioning.Trainers.HLstm(options),
            (trainer, train, initial) => ((ImageCaptioningTrainer)trainer).Fit(train, (ImageCaptioningTransformer)initial),
            model => (model as ImageCaptioningTransformer)?.Statistics);

        ImageCaptioningMetrics Evaluate(IDataView scored, ImageCaptioningOptions options) =>
            ImageCaptioningEvaluator.Evaluate(mlContext, scored, options.LabelColumnName, options.PredictedColumnName, null, null);
    }
}
