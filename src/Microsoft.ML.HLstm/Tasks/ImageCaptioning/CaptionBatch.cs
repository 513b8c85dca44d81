using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.ImageCaptioning;

/// <summary>Some pictures with a caption each as padded tensors, time first.</summary>
internal sealed class CaptionBatch
{
    /// <summary>Labels with this value have no loss.</summary>
    public const long Ignored = -100;

    /// <summary>Pads the captions to their longest.</summary>
    public CaptionBatch(IReadOnlyList<CaptionExample> examples, int featureSize)
    {
        int batch = examples.Count, features = examples[0].Image.Length;
        // The picture and the begin token come before the caption's first token.
        Mask = new SequenceMask([.. examples.Select(example => example.Caption.Length + 2)]);
        var pictures = new float[batch * features];
        var words = new long[(Mask.Steps - 1) * batch];
        var positions = new List<long>();
        var labels = new List<long>();
        for (int row = 0; row < batch; row++)
        {
            examples[row].Image.CopyTo(pictures.AsSpan(row * features));
            int[] caption = examples[row].Caption;
            for (int t = 0; t <= caption.Length; t++)
            {
                words[t * batch + row] = t == 0 ? SpecialTokens.Begin : caption[t - 1];
                positions.Add((t + 1) * batch + row);
                labels.Add(t == caption.Length ? SpecialTokens.End : caption[t]);
            }
        }

        Predictions = labels.Count;
        Images = tensor(pictures, [batch, features / featureSize, featureSize]);
        Words = tensor(words, [Mask.Steps - 1, batch]);
        Positions = tensor(positions.ToArray());
        Labels = tensor(labels.ToArray());
    }

    /// <summary>Features (B, regions, F).</summary>
    public Tensor Images { get; }

    /// <summary>What the decoder reads after the picture (T - 1, B): the begin token, then the caption.</summary>
    public Tensor Words { get; }

    /// <summary>Which of the T steps belong to each caption, the picture's included.</summary>
    public SequenceMask Mask { get; }

    /// <summary>Where in the flattened (T·B) the predictions are that count.</summary>
    public Tensor Positions { get; }

    /// <summary>The tokens to predict there, the end token last in each caption.</summary>
    public Tensor Labels { get; }

    /// <summary>How many predictions count.</summary>
    public int Predictions { get; }
}
