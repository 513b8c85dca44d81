using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm;
using Samples.Commands;

namespace Samples.Caption;

/// <summary>Measures a captioning model: the scores of the COCO caption evaluation, and speed.</summary>
internal static class CaptionEvaluation
{
    public static Evaluation Run(MLContext mlContext, ITransformer model, IDataView data)
    {
        ImageCaptioningTransformer captioning = ModelChain.Find<ImageCaptioningTransformer>(model);
        TransformerChain<ITransformer> before = ModelChain.Chain(ModelChain.Flatten(model).TakeWhile(part => part != captioning));
        // Features are computed before the clock starts: the time is that of the recurrent layers.
        IDataView features = mlContext.Data.Cache(before.Transform(data));
        string name = ImageFeatures.NameOf(ModelChain.Find<ImageFeaturesTransformer>(model));
        bool[] usable = [.. features.GetColumn<float[]>(name).Select(values => Array.TrueForAll(values, float.IsFinite))];
        _ = captioning.Transform(mlContext.Data.TakeRows(features, 1)).GetColumn<string>(ImageCaptioningTransformer.PredictedColumnName).Count();
        var watch = Stopwatch.StartNew();
        string[] predicted = [.. captioning.Transform(features).GetColumn<string>(ImageCaptioningTransformer.PredictedColumnName)];
        TimeSpan elapsed = watch.Elapsed;

        // Evaluating what was kept does not describe everything a second time.
        Described[] described = [.. data.GetColumn<string[]>(nameof(CaptionedImage.Captions))
            .Zip(predicted, (captions, prediction) => new Described { Captions = captions, PredictedCaption = prediction })
            .Where((_, row) => usable[row])];
        if (described.Length == 0)
            throw new SampleException($"None of the {usable.Length} images can be used.");
        ImageCaptioningMetrics metrics = mlContext.ImageCaptioning.Evaluate(mlContext.Data.LoadFromEnumerable(described), nameof(Described.Captions));
        return new Evaluation(
            new Dictionary<string, double>
            {
                ["CIDEr-D"] = 100 * metrics.CiderD,
                ["BLEU-4"] = 100 * metrics.Bleu4,
                ["BLEU-3"] = 100 * metrics.Bleu3,
                ["BLEU-2"] = 100 * metrics.Bleu2,
                ["BLEU-1"] = 100 * metrics.Bleu1,
                ["ROUGE-L"] = 100 * metrics.RougeL,
            },
            $"times100|{metrics.Signature}", predicted.Length, elapsed.TotalMilliseconds / predicted.Length, captioning.Statistics)
        {
            Counts = new Dictionary<string, long> { ["images left out"] = usable.LongCount(ok => !ok) },
        };
    }

    private sealed class Described
    {
        public string[] Captions { get; set; } = [];

        public string PredictedCaption { get; set; } = "";
    }
}
