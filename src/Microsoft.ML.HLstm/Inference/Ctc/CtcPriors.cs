namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// How often a network gives each label, whatever is said. A network's probabilities hold that beside what it hears; taken away, what it hears
/// decides, as in the hybrids of neural networks and hidden Markov models (H. Bourlard and N. Morgan, "Connectionist Speech Recognition", 1994;
/// for connectionist temporal classification Y. Miao et al., arXiv 1507.08240).
/// </summary>
/// <param name="LogProbabilities">Natural logarithms, one for each label.</param>
internal sealed record CtcPriors(float[] LogProbabilities)
{
    /// <summary>The mean of what a network gives in all frames; as if each label had been certain in one frame more, so that none is 0.</summary>
    /// <param name="recordings">Natural logarithms for each recording, [frames, labels].</param>
    /// <param name="labels">The number of labels.</param>
    public static CtcPriors Of(IReadOnlyList<float[]> recordings, int labels)
    {
        double[] sums = new double[labels];
        Array.Fill(sums, 1);
        double frames = labels;
        foreach (float[] recording in recordings)
        {
            frames += recording.Length / labels;
            for (int i = 0; i < recording.Length; i++)
                sums[i % labels] += Math.Exp(recording[i]);
        }

        return new CtcPriors(Array.ConvertAll(sums, sum => (float)Math.Log(sum / frames)));
    }

    /// <summary>
    /// Divides each probability by its label's prior to the power of <paramref name="weight"/>, and each frame by its sum, so that
    /// they are probabilities again.
    /// </summary>
    /// <param name="logProbabilities">Natural logarithms, [frames, labels].</param>
    /// <param name="weight">How much the priors count.</param>
    /// <param name="result">As long; natural logarithms.</param>
    public void TakeAway(ReadOnlySpan<float> logProbabilities, double weight, Span<float> result)
    {
        int labels = LogProbabilities.Length;
        for (int frame = 0; frame < logProbabilities.Length; frame += labels)
        {
            Span<float> own = result.Slice(frame, labels);
            double sum = 0;
            for (int label = 0; label < labels; label++)
            {
                own[label] = (float)(logProbabilities[frame + label] - (weight * LogProbabilities[label]));
                sum += Math.Exp(own[label]);
            }

            // Where no label is possible, that stays so.
            float logSum = sum > 0 ? (float)Math.Log(sum) : 0;
            for (int label = 0; label < labels; label++)
                own[label] = Math.Min(0, own[label] - logSum);
        }
    }
}
