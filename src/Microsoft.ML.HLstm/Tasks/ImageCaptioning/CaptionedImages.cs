using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Pictures with their captions as they stand in an <see cref="IDataView"/>, read once: one entry for each caption.</summary>
internal sealed record CaptionedImages(IReadOnlyList<ImageCaption> Captions)
{
    /// <summary>CIDEr-D weighs words by the pictures whose references have them: of one picture, all weigh nothing.</summary>
    public const int LeastValidation = 2;

    /// <summary>Every picture once, in the order of the data, with its captions.</summary>
    public IReadOnlyList<IGrouping<float[], ImageCaption>> ByImage() =>
        [.. Captions.GroupBy(caption => caption.Image, (IEqualityComparer<float[]>)(IEqualityComparer<object>)ReferenceEqualityComparer.Instance)];

    /// <summary>Reads the data; rows with equal features are one picture.</summary>
    /// <exception cref="InvalidOperationException">A row has no caption or no features and is not to be skipped, or no row is left.</exception>
    public static CaptionedImages Read(IDataView data, string what, ImageCaptioningOptions options, FeatureShape shape, IChannel log)
    {
        DataViewSchema.Column features = data.Schema[options.FeatureColumnName], label = data.Schema[options.LabelColumnName];
        var images = new HashSet<float[]>(FeatureComparer.Instance);
        var captions = new List<ImageCaption>();
        long row = 0, skipped = 0;
        string? firstSkipped = null;
        using DataViewRowCursor cursor = data.GetRowCursor([features, label]);
        var inputs = new ScorerInputs(cursor, [features]);
        Func<string[]> getTexts = ColumnTexts.Reader(cursor, label);
        for (; cursor.MoveNext(); row++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            string[] texts = [.. getTexts().Where(text => CaptionText.Normalize(text, options.LowerCase).Length > 0)];
            ReadOnlySpan<float> values = inputs.Singles(0);
            if (Problem(texts, values, shape, options) is { } problem)
            {
                if (!options.SkipInvalidImages)
                    throw new InvalidOperationException($"Row {row} of the {what} has {problem}. {nameof(options.SkipInvalidImages)} leaves such rows out.");
                firstSkipped ??= $"row {row}, which has {problem}";
                skipped++;
                continue;
            }

            long number = row;
            float[] image = values.ToArray();
            if (images.TryGetValue(image, out float[]? known))
                image = known;
            else
                images.Add(image);
            captions.AddRange(texts.Select(text => new ImageCaption(number, image, text)));
        }

        if (captions.Count == 0)
            throw new InvalidOperationException($"The {what} has {row} rows, of which {skipped} have no caption or no features; at least one row with both is needed.");
        if (skipped > 0)
            log.Warning($"{skipped} of {row} rows of the {what} are left out; the first is {firstSkipped}.");
        return new CaptionedImages(captions);
    }

    /// <summary>Adds everything to a fingerprint.</summary>
    public void AddTo(DataFingerprint fingerprint)
    {
        fingerprint.Add(Captions.Count);
        foreach (ImageCaption caption in Captions)
        {
            fingerprint.Add(caption.Row);
            fingerprint.Add<float>(caption.Image);
            fingerprint.Add(caption.Text);
        }
    }

    /// <summary>Holds out a share of the pictures, each with all its captions.</summary>
    /// <exception cref="InvalidOperationException">There are not three different pictures.</exception>
    public (CaptionedImages Kept, CaptionedImages HeldOut) Split(double fraction, Random random)
    {
        float[][] images = [.. ByImage().Select(group => group.Key)];
        if (images.Length <= LeastValidation)
            throw new InvalidOperationException($"The training data has {images.Length} different pictures; at least {LeastValidation + 1} are needed to hold {LeastValidation} out. Set ValidationSet, or train on more data.");
        random.Shuffle(images);
        var heldOut = new HashSet<object>(images.Take(Math.Clamp((int)Math.Round(fraction * images.Length), LeastValidation, images.Length - 1)), ReferenceEqualityComparer.Instance);
        return (new CaptionedImages([.. Captions.Where(caption => !heldOut.Contains(caption.Image))]),
            new CaptionedImages([.. Captions.Where(caption => heldOut.Contains(caption.Image))]));
    }

    private static string? Problem(string[] captions, ReadOnlySpan<float> features, FeatureShape shape, ImageCaptioningOptions options)
    {
        if (captions.Length == 0)
            return $"no caption in '{options.LabelColumnName}'";
        if (features.Length != shape.Count)
            return $"{features.Length} features in '{options.FeatureColumnName}', where {shape.Count} are needed";
        return shape.Accepts(features) ? null : $"a feature in '{options.FeatureColumnName}' that is not finite";
    }
}
