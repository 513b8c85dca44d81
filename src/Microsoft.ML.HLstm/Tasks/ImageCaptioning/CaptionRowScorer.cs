using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Scores the rows of one cursor.</summary>
internal sealed class CaptionRowScorer(IHost host, CaptionModel model, DecodingOptions decoding) : SequenceScorer
{
    private readonly ImageCaptioner _captioner = new(model, decoding);
    private long _invalid;

    /// <inheritdoc/>
    public override int MostRowsTogether => 128;

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs) => ScoreTogether([inputs], [outputs]);

    /// <inheritdoc/>
    public override void ScoreTogether(IReadOnlyList<ScorerInputs> inputs, IReadOnlyList<ScorerOutputs> outputs)
    {
        var rows = new List<int>();
        var images = new List<float[]>();
        for (int row = 0; row < inputs.Count; row++)
        {
            ReadOnlySpan<float> features = inputs[row].Singles(0);
            if (!model.Features.Accepts(features))
            {
                if (_invalid++ == 0)
                    Warn("The features of a row are missing or not finite: it has no caption. Further such rows are counted.");
                continue;
            }

            rows.Add(row);
            images.Add(features.ToArray());
        }

        IReadOnlyList<(string Text, float LogProbability)>[] found = _captioner.CaptionAll(images);
        for (int i = 0; i < found.Length; i++)
            Write(found[i], outputs[rows[i]]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (_invalid > 1)
            Warn($"The features of {_invalid} rows are missing or not finite.");
    }

    private static void Write(IReadOnlyList<(string Text, float LogProbability)> found, ScorerOutputs outputs)
    {
        outputs.SetText(0, found[0].Text);
        outputs.SetSingle(1, found[0].LogProbability);
        if (outputs.IsActive(2))
            outputs.SetTexts(2, [.. found.Select(caption => caption.Text.AsMemory())]);
        if (outputs.IsActive(3))
            outputs.SetSingles(3, [.. found.Select(caption => caption.LogProbability)]);
    }

    private void Warn(string message)
    {
        using IChannel channel = host.Start("Caption");
        channel.Warning(message);
    }
}
