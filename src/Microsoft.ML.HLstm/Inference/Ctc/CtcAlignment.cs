namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// Finds the most probable path of a given transcript (Viterbi), and so in which frames each of its labels is emitted. Holds
/// working memory: one alignment at a time.
/// </summary>
internal sealed class CtcAlignment
{
    private double[] _scores = [];
    private double[] _next = [];
    private byte[] _steps = [];

    /// <summary>Aligns a transcript. Of equally probable paths it takes the one that reaches each label earliest.</summary>
    /// <param name="alphabet">The labels.</param>
    /// <param name="logProbabilities">[frames, labels]; the transcript must have a path of so many frames.</param>
    /// <param name="labels">The transcript, without separators at its ends or beside each other.</param>
    /// <param name="logProbability">Of the path.</param>
    public CtcLabelSpan[] Align(CtcAlphabet alphabet, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<int> labels, out double logProbability)
    {
        int frames = logProbabilities.Length / alphabet.Count, states = (2 * labels.Length) + 1;
        Prepare(frames, states);
        for (int frame = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> row = logProbabilities.Slice(frame * alphabet.Count, alphabet.Count);
            Span<byte> steps = _steps.AsSpan(frame * states, states);
            for (int state = 0; state < states; state++)
            {
                double best = _scores[state];
                steps[state] = 0;
                if (state > 0 && _scores[state - 1] > best)
                    (best, steps[state]) = (_scores[state - 1], 1);
                if (CanSkip(labels, state) && _scores[state - 2] > best)
                    (best, steps[state]) = (_scores[state - 2], 2);
                _next[state] = best + Emission(alphabet, row, labels, state);
            }

            // Before the first frame there is only the first blank, or the first label.
            if (frame == 0)
                Start(alphabet, row, labels, states);
            (_scores, _next) = (_next, _scores);
        }

        int last = states > 1 && _scores[states - 2] >= _scores[states - 1] ? states - 2 : states - 1;
        logProbability = frames > 0 ? _scores[last] : 0;
        return Trace(labels, frames, states, last);
    }

    private void Prepare(int frames, int states)
    {
        if (_scores.Length < states)
            (_scores, _next) = (new double[states], new double[states]);
        if (_steps.Length < (long)frames * states)
            _steps = new byte[checked(frames * states)];
        _scores.AsSpan(0, states).Fill(double.NegativeInfinity);
    }

    private void Start(CtcAlphabet alphabet, ReadOnlySpan<float> row, ReadOnlySpan<int> labels, int states)
    {
        for (int state = 0; state < Math.Min(2, states); state++)
            _next[state] = Emission(alphabet, row, labels, state);
    }

    private static bool CanSkip(ReadOnlySpan<int> labels, int state) =>
        state >= 3 && state % 2 == 1 && labels[state / 2] != labels[(state / 2) - 1];

    /// <summary>Around separators and at the ends more separators mean as little as blanks.</summary>
    private static double Emission(CtcAlphabet alphabet, ReadOnlySpan<float> row, ReadOnlySpan<int> labels, int state)
    {
        if (state % 2 == 1)
            return row[labels[state / 2]];
        int after = state / 2;
        bool besideSeparator = alphabet.Separator >= 0 && (after == 0 || after == labels.Length
            || labels[after - 1] == alphabet.Separator || labels[after] == alphabet.Separator);
        return besideSeparator ? Math.Max(row[alphabet.Blank], row[alphabet.Separator]) : row[alphabet.Blank];
    }

    private CtcLabelSpan[] Trace(ReadOnlySpan<int> labels, int frames, int states, int state)
    {
        var spans = new CtcLabelSpan[labels.Length];
        int lastFrame = frames - 1;
        for (int frame = frames - 1; frame >= 0; frame--)
        {
            int step = frame == 0 ? state + 1 : _steps[(frame * states) + state];
            if (step == 0)
                continue;
            if (state % 2 == 1)
                spans[state / 2] = new CtcLabelSpan(labels[state / 2], frame, lastFrame);
            state -= step;
            lastFrame = frame - 1;
        }

        return spans;
    }
}
