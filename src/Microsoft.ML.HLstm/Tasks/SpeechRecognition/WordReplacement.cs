using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Training;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Replaces words of an utterance by recordings of words of others, at random: aligned data augmentation (T. K. Lam, M. Ohta,
/// S. Schamoni, S. Riezler, arXiv 2104.01393). All words that were heard are equally probable, so that rare ones come up as often as
/// frequent ones, and beside others than they were spoken beside. Where words begin and end is what a trained network aligns.
/// </summary>
internal sealed class WordReplacement
{
    private const int QuietFrames = 5;
    private readonly IReadOnlyList<Utterance> _utterances;
    private readonly SpeechShape _shape;
    private readonly int _separator;
    private readonly Random _random;
    private readonly Word[][] _wordsOf;
    private readonly Word[][] _recordingsOf;

    /// <summary>Cuts the utterances into words.</summary>
    /// <param name="network">The network that aligns; its dropout is off meanwhile.</param>
    /// <param name="utterances">The utterances.</param>
    /// <param name="alphabet">Their labels.</param>
    /// <param name="random">Decides what is replaced by what.</param>
    /// <param name="preparation">Told about every batch.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public WordReplacement(SpeechNetwork network, IReadOnlyList<Utterance> utterances, CtcAlphabet alphabet, Random random, Preparation preparation)
    {
        (_utterances, _shape, _separator, _random, _wordsOf) = (utterances, network.Shape, alphabet.Separator, random, new Word[utterances.Count][]);
        var alignment = new CtcAlignment();
        network.ForEach(utterances, (row, logProbabilities) =>
        {
            CtcLabelSpan[] spans = alignment.Align(alphabet, logProbabilities.data<float>().ToArray(), utterances[row].Labels, out _);
            _wordsOf[row] = Words(row, Ends(utterances[row].Frames, spans, (int)logProbabilities.shape[0]));
        }, preparation);
        _recordingsOf = Recordings(alphabet);
    }

    /// <summary>The words that <see cref="Write"/> wrote.</summary>
    /// <param name="utterances">The same utterances.</param>
    /// <param name="shape">The network's shape.</param>
    /// <param name="alphabet">Their labels.</param>
    /// <param name="random">Decides what is replaced by what.</param>
    /// <param name="reader">Where they are.</param>
    public WordReplacement(IReadOnlyList<Utterance> utterances, SpeechShape shape, CtcAlphabet alphabet, Random random, BinaryReader reader)
    {
        (_utterances, _shape, _separator, _random, _wordsOf) = (utterances, shape, alphabet.Separator, random, new Word[utterances.Count][]);
        for (int row = 0; row < utterances.Count; row++)
            _wordsOf[row] = Words(row, [.. utterances[row].Labels.Where(label => label == _separator).Select(_ => reader.ReadInt32())]);
        _recordingsOf = Recordings(alphabet);
    }

    /// <summary>Writes where words end.</summary>
    public void Write(BinaryWriter writer)
    {
        foreach (Word word in _wordsOf.SelectMany(words => words.SkipLast(1)))
            writer.Write(word.End);
    }

    /// <summary>The words of an utterance, which together are all of it.</summary>
    public IReadOnlyList<Word> WordsOf(int utterance) => _wordsOf[utterance];

    /// <summary>An utterance of which each word is another one with a probability; itself where none is, or where the labels would no longer fit.</summary>
    public Utterance Apply(int utterance, double probability)
    {
        Word[] words = [.. WordsOf(utterance)];
        bool changed = false;
        for (int i = 0; i < words.Length; i++)
        {
            if (_recordingsOf.Length == 0 || _random.NextDouble() >= probability)
                continue;
            Word[] recordings = _recordingsOf[_random.Next(_recordingsOf.Length)];
            (words[i], changed) = (recordings[_random.Next(recordings.Length)], true);
        }

        if (!changed)
            return _utterances[utterance];
        int width = _shape.FrameWidth, at = 0;
        float[] frames = new float[words.Sum(word => word.End - word.Start) * width];
        var labels = new List<int>();
        foreach (Word word in words)
        {
            ReadOnlySpan<float> recorded = _utterances[word.Utterance].Frames.AsSpan(word.Start * width, (word.End - word.Start) * width);
            recorded.CopyTo(frames.AsSpan(at));
            at += recorded.Length;
            if (labels.Count > 0)
                labels.Add(_separator);
            labels.AddRange(word.Labels);
        }

        Utterance made = _utterances[utterance] with { Frames = frames, Labels = [.. labels] };
        return frames.Length > 0 && made.FewestSteps <= _shape.Steps(frames.Length / width) ? made : _utterances[utterance];
    }

    private Word[][] Recordings(CtcAlphabet alphabet) =>
        [.. _wordsOf.SelectMany(words => words).Where(HasRoom).GroupBy(word => alphabet.Text(word.Labels), StringComparer.Ordinal).Select(group => group.ToArray())];

    /// <summary>
    /// Words end where it is quietest between the last label of one and the first label of the next: a network of this kind emits a separator
    /// anywhere between them.
    /// </summary>
    private int[] Ends(float[] recorded, CtcLabelSpan[] spans, int steps)
    {
        int frames = recorded.Length / _shape.FrameWidth;
        return [.. Enumerable.Range(0, spans.Length).Where(i => spans[i].Label == _separator)
            .Select(i => Quietest(recorded, Frame(spans[i - 1].LastFrame), Frame(spans[i + 1].FirstFrame)))];

        int Frame(int step) => (int)(((2L * step) + 1) * frames / (2 * steps));
    }

    /// <summary>The words of an utterance, all but the last one ending as told.</summary>
    private Word[] Words(int utterance, int[] ends)
    {
        var words = new List<Word>();
        var labels = new List<int>();
        int start = 0;
        foreach (int label in _utterances[utterance].Labels)
        {
            if (label != _separator)
            {
                labels.Add(label);
                continue;
            }

            words.Add(new Word(utterance, start, ends[words.Count], [.. labels]));
            (start, labels) = (ends[words.Count - 1], []);
        }

        words.Add(new Word(utterance, start, _utterances[utterance].Frames.Length / _shape.FrameWidth, [.. labels]));
        return [.. words];
    }

    /// <summary>False where a network was so sure in so little time that nothing of the word is left between two cuts.</summary>
    private bool HasRoom(Word word) => word.End > word.Start && word.Labels.Length <= _shape.Steps(word.End - word.Start);

    /// <summary>The middle of the quietest stretch, by the sum of its numbers: features are larger where it is louder.</summary>
    private int Quietest(float[] frames, int from, int to)
    {
        int width = _shape.FrameWidth, best = (from + to) / 2;
        float least = float.PositiveInfinity;
        for (int middle = from + QuietFrames / 2; middle + QuietFrames / 2 <= to; middle++)
        {
            float sum = TensorPrimitives.Sum<float>(frames.AsSpan((middle - QuietFrames / 2) * width, QuietFrames * width));
            if (sum < least)
                (least, best) = (sum, middle);
        }

        return best;
    }

    /// <summary>A word as it was recorded: frames from <paramref name="Start"/> to before <paramref name="End"/> of an utterance.</summary>
    public readonly record struct Word(int Utterance, int Start, int End, int[] Labels);
}
