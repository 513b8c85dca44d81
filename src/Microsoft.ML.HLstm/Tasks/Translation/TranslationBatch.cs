using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Some sentence pairs as padded tensors of token ids, time first.</summary>
internal sealed class TranslationBatch
{
    /// <summary>Labels with this value have no loss.</summary>
    public const long Ignored = -100;

    /// <summary>Pads the pairs to their longest.</summary>
    public TranslationBatch(IReadOnlyList<SentencePair> pairs)
    {
        int batch = pairs.Count;
        SourceMask = new SequenceMask([.. pairs.Select(pair => pair.Source.Length)]);
        int targetSteps = pairs.Max(pair => pair.Target.Length) + 1;
        var source = new long[SourceMask.Steps * batch];
        var target = new long[targetSteps * batch];
        var positions = new List<long>();
        var labels = new List<long>();
        for (int row = 0; row < batch; row++)
        {
            (int[] from, int[] to) = (pairs[row].Source, pairs[row].Target);
            for (int t = 0; t < from.Length; t++)
                source[t * batch + row] = from[t];
            for (int t = 0; t <= to.Length; t++)
            {
                target[t * batch + row] = t == 0 ? SpecialTokens.Begin : to[t - 1];
                positions.Add(t * batch + row);
                labels.Add(t == to.Length ? SpecialTokens.End : to[t]);
            }
        }

        Predictions = labels.Count;
        Source = tensor(source, [SourceMask.Steps, batch]);
        Target = tensor(target, [targetSteps, batch]);
        Positions = tensor(positions.ToArray());
        Labels = tensor(labels.ToArray());
    }

    /// <summary>Source tokens (S, B).</summary>
    public Tensor Source { get; }

    /// <summary>Which source steps are inside their sentence.</summary>
    public SequenceMask SourceMask { get; }

    /// <summary>What the decoder reads (T, B): the begin token, then the target.</summary>
    public Tensor Target { get; }

    /// <summary>Where in the flattened (T·B) the predictions are that count.</summary>
    public Tensor Positions { get; }

    /// <summary>The tokens to predict there, the end token last in each sentence.</summary>
    public Tensor Labels { get; }

    /// <summary>How many predictions count.</summary>
    public int Predictions { get; }
}
