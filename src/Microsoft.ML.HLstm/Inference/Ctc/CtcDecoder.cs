using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// Turns what a network says about each frame into transcripts. Holds working memory, which it uses again: one call at a time.
/// </summary>
/// <param name="scorer">The objective; may be shared.</param>
internal sealed class CtcDecoder(CtcScorer scorer)
{
    // Rounding lifts log-probabilities of 1 a little above 0.
    private const float Rounding = 1e-3f;

    private readonly CtcBeamSearch _search = new();
    private readonly CtcAlignment _alignment = new();
    private float[] _heard = [];

    /// <summary>Finds the best transcripts.</summary>
    /// <param name="logProbabilities">Natural logarithms, [frames, labels]; negative infinity is allowed.</param>
    /// <param name="align">Whether anybody asks for frames of labels and words, which take time and memory to find unless the search is greedy.</param>
    /// <returns>
    /// At most <see cref="CtcDecodingOptions.Alternatives"/>, best first. Where no transcript in the beam ends with an allowed word,
    /// the best one without its last word; none where no label is possible in some frame. No frames give the empty transcript.
    /// </returns>
    /// <exception cref="ArgumentException">The numbers are not whole frames or not log-probabilities.</exception>
    public IReadOnlyList<CtcHypothesis> Decode(ReadOnlySpan<float> logProbabilities, bool align = true)
    {
        Check(logProbabilities);
        if (scorer.Options.BeamWidth == 1 && scorer.IsNeutral)
            return [CtcGreedySearch.Search(scorer.Alphabet, logProbabilities)];
        var hypotheses = new List<CtcHypothesis>();
        foreach (CtcResult result in _search.Search(scorer, Heard(logProbabilities)))
        {
            hypotheses.Add(align
                ? new CtcHypothesis(scorer.Alphabet, _alignment.Align(scorer.Alphabet, logProbabilities, result.Labels, out _)[..result.Complete], result.LogProbability, result.Score)
                : new CtcHypothesis(scorer.Alphabet.Text(result.Labels.AsSpan(..result.Complete)), result.LogProbability, result.Score));
        }

        return hypotheses;
    }

    private ReadOnlySpan<float> Heard(ReadOnlySpan<float> logProbabilities)
    {
        if (scorer.Priors is not { } priors)
            return logProbabilities;
        if (_heard.Length < logProbabilities.Length)
            _heard = new float[logProbabilities.Length];
        Span<float> heard = _heard.AsSpan(0, logProbabilities.Length);
        priors.TakeAway(logProbabilities, scorer.Options.PriorWeight, heard);
        return heard;
    }

    private void Check(ReadOnlySpan<float> logProbabilities)
    {
        int labels = scorer.Alphabet.Count;
        if (logProbabilities.Length % labels != 0)
            throw new ArgumentException($"There are {logProbabilities.Length} log-probabilities; a multiple of the {labels} labels is needed.", nameof(logProbabilities));
        // The maximum is NaN where any number is.
        if (logProbabilities.IsEmpty || TensorPrimitives.Max(logProbabilities) <= Rounding)
            return;
        int bad = 0;
        while (logProbabilities[bad] <= Rounding)
            bad++;
        throw new ArgumentException($"The log-probability of label {bad % labels} in frame {bad / labels} is {logProbabilities[bad]}; at most 0 is allowed.", nameof(logProbabilities));
    }
}
