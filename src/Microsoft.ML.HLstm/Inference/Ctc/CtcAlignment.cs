namespace Microsoft.ML.HLstm.Inference.Ctc;

/// <summary>
/// Finds the most probable path of a given transcript (Viterbi), and so in which frames each of its labels is emitted. Holds
/// working memory: one alignment at a time.
/// </summary>
internal sealed class CtcAlignment
{
    // Up to so many steps are all remembered.
    private const long FewSteps = 1 << 24;

    private double[] _scores = [];
    private double[] _next = [];
    private double[] _kept = [];
    private byte[] _steps = [];

    /// <summary>Aligns a transcript. Of equally probable paths it takes the one that reaches each label earliest.</summary>
    /// <param name="alphabet">The labels.</param>
    /// <param name="logProbabilities">[frames, labels]; the transcript must have a path of so many frames.</param>
    /// <param name="labels">The transcript, without separators at its ends or beside each other.</param>
    /// <param name="logProbability">Of the path.</param>
    public CtcLabelSpan[] Align(CtcAlphabet alphabet, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<int> labels, out double logProbability)
    {
        int frames = logProbabilities.Length / alphabet.Count, states = (2 * labels.Length) + 1;
        // The steps of a long recording need more memory than there is: those of a stretch are found again from the scores before it.
        int stretch = (long)frames * states <= FewSteps ? Math.Max(1, frames) : (int)Math.Ceiling(Math.Sqrt(frames));
        Prepare(frames, states, stretch);
        for (int start = 0; start < frames; start += stretch)
        {
            _scores.AsSpan(0, states).CopyTo(Kept(start / stretch, states));
            Run(alphabet, logProbabilities, labels, start, Math.Min(start + stretch, frames));
        }

        int state = states > 1 && _scores[states - 2] >= _scores[states - 1] ? states - 2 : states - 1;
        logProbability = frames > 0 ? _scores[state] : 0;
        var spans = new CtcLabelSpan[labels.Length];
        int last = frames - 1;
        for (int part = last / stretch; part >= 0; part--)
        {
            int start = part * stretch, end = Math.Min(start + stretch, frames);
            if (end < frames)
            {
                Kept(part, states).CopyTo(_scores);
                Run(alphabet, logProbabilities, labels, start, end);
            }

            Trace(spans, labels, start, end, ref state, ref last);
        }

        return spans;
    }

    private void Prepare(int frames, int states, int stretch)
    {
        if (_scores.Length < states)
            (_scores, _next) = (new double[states], new double[states]);
        Lanes.Reserve(ref _kept!, (long)((frames / stretch) + 1) * states);
        Lanes.Reserve(ref _steps!, (long)stretch * states);
        _scores.AsSpan(0, states).Fill(double.NegativeInfinity);
    }

    private Span<double> Kept(int part, int states) => _kept.AsSpan(part * states, states);

    private void Run(CtcAlphabet alphabet, ReadOnlySpan<float> logProbabilities, ReadOnlySpan<int> labels, int start, int end)
    {
        int states = (2 * labels.Length) + 1;
        for (int frame = start; frame < end; frame++)
        {
            ReadOnlySpan<float> row = logProbabilities.Slice(frame * alphabet.Count, alphabet.Count);
            Span<byte> steps = _steps.AsSpan((frame - start) * states, states);
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

    private void Trace(CtcLabelSpan[] spans, ReadOnlySpan<int> labels, int start, int end, ref int state, ref int last)
    {
        int states = (2 * labels.Length) + 1;
        for (int frame = end - 1; frame >= start; frame--)
        {
            int step = frame == 0 ? state + 1 : _steps[((frame - start) * states) + state];
            if (step == 0)
                continue;
            if (state % 2 == 1)
                spans[state / 2] = new CtcLabelSpan(labels[state / 2], frame, last);
            state -= step;
            last = frame - 1;
        }
    }
}
