using Microsoft.ML.HLstm.Inference.Ctc;

namespace Microsoft.ML.HLstm.Tests.Inference.Ctc;

/// <summary>Connectionist temporal classification by its definition: every path of a few frames, one by one.</summary>
internal sealed class BruteForceCtc
{
    private readonly CtcAlphabet _alphabet;
    private readonly Dictionary<string, double> _probabilities = [];
    private readonly Dictionary<string, double> _best = [];

    public BruteForceCtc(CtcAlphabet alphabet, float[] logProbabilities)
    {
        _alphabet = alphabet;
        int frames = logProbabilities.Length / alphabet.Count;
        int[] path = new int[frames];
        do
        {
            double probability = 1;
            for (int frame = 0; frame < frames; frame++)
                probability *= Math.Exp(logProbabilities[(frame * alphabet.Count) + path[frame]]);
            string text = Text(path);
            _probabilities[text] = _probabilities.GetValueOrDefault(text) + probability;
            _best[text] = Math.Max(_best.GetValueOrDefault(text), probability);
        }
        while (Next(path));
    }

    /// <summary>The probability of each transcript that has any.</summary>
    public IReadOnlyDictionary<string, double> Probabilities => _probabilities;

    /// <summary>The probability of each transcript's most probable path.</summary>
    public IReadOnlyDictionary<string, double> BestPaths => _best;

    /// <summary>Collapses repeats, drops blanks, and leaves one space between words.</summary>
    public string Text(IEnumerable<int> path)
    {
        string text = "";
        int previous = -1;
        foreach (int label in path)
        {
            if (label != previous && label != _alphabet.Blank)
                text += _alphabet[label];
            previous = label;
        }

        return string.Join(' ', text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Log-probabilities of random frames, some labels impossible.</summary>
    public static float[] Random(Random random, int frames, int labels, double sharpness = 2, double impossible = 0.1)
    {
        float[] result = new float[frames * labels];
        for (int frame = 0; frame < frames; frame++)
        {
            double[] weights = [.. Enumerable.Range(0, labels).Select(_ => random.NextDouble() < impossible ? 0 : Math.Exp(sharpness * random.NextDouble() * 2))];
            weights[random.Next(labels)] += 1;
            for (int label = 0; label < labels; label++)
                result[(frame * labels) + label] = (float)Math.Log(weights[label] / weights.Sum());
        }

        return result;
    }

    private bool Next(int[] path)
    {
        for (int frame = path.Length - 1; frame >= 0; frame--)
        {
            if (++path[frame] < _alphabet.Count)
                return true;
            path[frame] = 0;
        }

        return false;
    }
}
