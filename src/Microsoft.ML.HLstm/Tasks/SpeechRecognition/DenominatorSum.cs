namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Sums what a network gives to all paths of connectionist temporal classification, each times the probability of its transcript in a
/// graph, forward and backward through the steps (the algorithm of A. Graves et al., ICML 2006, over a graph instead of one transcript).
/// Holds working memory, which it uses again: one call at a time.
/// </summary>
internal sealed class DenominatorSum(DenominatorGraph graph)
{
    // Of the mass of a step; states with less are left out. There are some thousands of them.
    private const float Least = 1e-9f;

    private readonly float[] _emissions = new float[graph.Labels];
    private float[] _forward = [];
    private float[] _scales = [];
    private float[] _onLabel = new float[graph.States], _onBlank = new float[graph.States];
    private float[] _nextOnLabel = new float[graph.States], _nextOnBlank = new float[graph.States];

    /// <summary>The logarithm of the sum, and its derivatives.</summary>
    /// <param name="logProbabilities">[steps, labels], natural logarithms.</param>
    /// <param name="occupancies">Receives the derivative for each of them: the probability of a label at a step under the graph; they add up to 1 in each step.</param>
    public double Run(ReadOnlySpan<float> logProbabilities, Span<float> occupancies)
    {
        int labels = graph.Labels, states = graph.States, steps = logProbabilities.Length / labels;
        if (_forward.Length < 2 * steps * states)
            (_forward, _scales) = (new float[2 * steps * states], new float[steps]);
        double logSum = 0;
        for (int t = 0; t < steps; t++)
        {
            Emit(logProbabilities.Slice(t * labels, labels), 1);
            Span<float> onLabel = OnLabel(t), onBlank = OnBlank(t);
            if (t == 0)
                Begin(onLabel, onBlank);
            else
                Forward(OnLabel(t - 1), OnBlank(t - 1), onLabel, onBlank);
            logSum += Math.Log(_scales[t] = Normalize(onLabel, onBlank));
        }

        double end = 0;
        Span<float> lastOnLabel = OnLabel(steps - 1), lastOnBlank = OnBlank(steps - 1);
        for (int state = 0; state < states; state++)
            end += graph.Ends[state] * ((double)lastOnLabel[state] + lastOnBlank[state]);
        for (int state = 0; state < states; state++)
            _onLabel[state] = _onBlank[state] = (float)(graph.Ends[state] / end);

        for (int t = steps - 1; t >= 0; t--)
        {
            Occupy(OnLabel(t), OnBlank(t), occupancies.Slice(t * labels, labels));
            if (t == 0)
                break;
            Emit(logProbabilities.Slice(t * labels, labels), 1 / _scales[t]);
            Backward(OnLabel(t - 1), OnBlank(t - 1));
        }

        return logSum + Math.Log(end);
    }

    private Span<float> OnLabel(int step) => _forward.AsSpan(2 * step * graph.States, graph.States);

    private Span<float> OnBlank(int step) => _forward.AsSpan((2 * step + 1) * graph.States, graph.States);

    private void Emit(ReadOnlySpan<float> logProbabilities, float scale)
    {
        for (int label = 0; label < _emissions.Length; label++)
            _emissions[label] = scale * MathF.Exp(logProbabilities[label]);
    }

    private void Begin(Span<float> onLabel, Span<float> onBlank)
    {
        onLabel.Clear();
        onBlank.Clear();
        onBlank[0] = _emissions[0];
        for (int label = 1; label < graph.Labels; label++)
            onLabel[graph.Next[label - 1]] += graph.Probabilities[label - 1] * _emissions[label];
    }

    /// <summary>A label stays or follows another one; after itself it needs a blank between.</summary>
    private void Forward(ReadOnlySpan<float> fromLabel, ReadOnlySpan<float> fromBlank, Span<float> onLabel, Span<float> onBlank)
    {
        int arcs = graph.Labels - 1;
        fromLabel.CopyTo(onLabel);
        for (int state = 0; state < fromLabel.Length; state++)
        {
            float mass = fromLabel[state] + fromBlank[state];
            onBlank[state] = _emissions[0] * mass;
            if (mass == 0)
                continue;
            ReadOnlySpan<int> next = graph.Next.AsSpan(state * arcs, arcs);
            ReadOnlySpan<float> probabilities = graph.Probabilities.AsSpan(state * arcs, arcs);
            int same = graph.Last[state] - 1;
            for (int arc = 0; arc < next.Length; arc++)
                onLabel[next[arc]] += probabilities[arc] * (arc == same ? fromBlank[state] : mass);
        }

        for (int state = 0; state < onLabel.Length; state++)
            onLabel[state] *= _emissions[graph.Last[state]];
        // No label leads back to the beginning.
        onLabel[0] = 0;
    }

    private void Backward(ReadOnlySpan<float> onLabel, ReadOnlySpan<float> onBlank)
    {
        int arcs = graph.Labels - 1;
        for (int state = 0; state < onLabel.Length; state++)
            _onLabel[state] *= _emissions[graph.Last[state]];
        for (int state = 0; state < onLabel.Length; state++)
        {
            (_nextOnLabel[state], _nextOnBlank[state]) = (0, 0);
            if (onLabel[state] + onBlank[state] == 0)
                continue;
            ReadOnlySpan<int> next = graph.Next.AsSpan(state * arcs, arcs);
            ReadOnlySpan<float> probabilities = graph.Probabilities.AsSpan(state * arcs, arcs);
            float all = _emissions[0] * _onBlank[state];
            for (int arc = 0; arc < next.Length; arc++)
                all += probabilities[arc] * _onLabel[next[arc]];
            int same = graph.Last[state] - 1;
            _nextOnBlank[state] = all;
            _nextOnLabel[state] = same < 0 ? 0 : all + _onLabel[state] - probabilities[same] * _onLabel[next[same]];
        }

        (_onLabel, _nextOnLabel) = (_nextOnLabel, _onLabel);
        (_onBlank, _nextOnBlank) = (_nextOnBlank, _onBlank);
    }

    private void Occupy(ReadOnlySpan<float> onLabel, ReadOnlySpan<float> onBlank, Span<float> occupancies)
    {
        occupancies.Clear();
        double blank = 0;
        for (int state = 0; state < onLabel.Length; state++)
        {
            occupancies[graph.Last[state]] += onLabel[state] * _onLabel[state];
            blank += onBlank[state] * _onBlank[state];
        }

        occupancies[0] = (float)blank;
    }

    private static float Normalize(Span<float> onLabel, Span<float> onBlank)
    {
        float sum = 0;
        for (int state = 0; state < onLabel.Length; state++)
            sum += onLabel[state] + onBlank[state];
        float scale = 1 / sum;
        for (int state = 0; state < onLabel.Length; state++)
        {
            float label = onLabel[state] * scale, blank = onBlank[state] * scale;
            (onLabel[state], onBlank[state]) = (label < Least ? 0 : label, blank < Least ? 0 : blank);
        }

        return sum;
    }
}
