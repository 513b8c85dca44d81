using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>The most probable path: the best label of each frame, repeats collapsed, then blanks dropped.</summary>
internal static class CtcGreedySearch
{
    /// <summary>Finds the transcript of the path; of equally probable labels it takes the first.</summary>
    /// <param name="alphabet">The labels.</param>
    /// <param name="logProbabilities">[frames, labels].</param>
    public static CtcHypothesis Search(CtcAlphabet alphabet, ReadOnlySpan<float> logProbabilities)
    {
        var spans = new List<CtcLabelSpan>();
        double logProbability = 0;
        int previous = alphabet.Blank;
        for (int frame = 0; frame < logProbabilities.Length / alphabet.Count; frame++)
        {
            ReadOnlySpan<float> row = logProbabilities.Slice(frame * alphabet.Count, alphabet.Count);
            int label = TensorPrimitives.IndexOfMax(row);
            logProbability += row[label];
            if (label != alphabet.Blank && label == previous)
                spans[^1] = spans[^1] with { LastFrame = frame };
            else if (label != alphabet.Blank)
                spans.Add(new CtcLabelSpan(label, frame, frame));
            previous = label;
        }

        return new CtcHypothesis(alphabet, Tidy(alphabet, spans), logProbability, logProbability);
    }

    /// <summary>Drops the separators that separate nothing.</summary>
    private static CtcLabelSpan[] Tidy(CtcAlphabet alphabet, List<CtcLabelSpan> spans)
    {
        var kept = new List<CtcLabelSpan>(spans.Count);
        foreach (CtcLabelSpan span in spans)
        {
            if (span.Label != alphabet.Separator || (kept.Count > 0 && kept[^1].Label != alphabet.Separator))
                kept.Add(span);
        }

        if (kept.Count > 0 && kept[^1].Label == alphabet.Separator)
            kept.RemoveAt(kept.Count - 1);
        return [.. kept];
    }
}
