using System.Numerics.Tensors;
using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.HLstm.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Recordings with their transcripts as they stand in an <see cref="IDataView"/>, read once.</summary>
/// <param name="Rows">Their numbers in the data.</param>
/// <param name="Frames">[frames, frame width] each.</param>
/// <param name="Texts">Words with one space between them.</param>
internal sealed record SpeechTranscripts(IReadOnlyList<long> Rows, IReadOnlyList<float[]> Frames, IReadOnlyList<string> Texts)
{
    /// <summary>Reads the rows; those that cannot be used are left out, with a warning.</summary>
    /// <param name="data">The data, with checked columns.</param>
    /// <param name="what">What errors call it.</param>
    /// <param name="frameWidth">Numbers of a frame.</param>
    /// <param name="options">Names of columns and the case of letters.</param>
    /// <param name="log">Where warnings go.</param>
    /// <exception cref="InvalidOperationException">No row is left, or a row's numbers are not frames.</exception>
    public static SpeechTranscripts Read(IDataView data, string what, int frameWidth, SpeechRecognitionOptions options, IChannel log)
    {
        DataViewSchema.Column feature = data.Schema[options.FeatureColumnName], label = data.Schema[options.LabelColumnName];
        var read = new SpeechTranscripts(new List<long>(), new List<float[]>(), new List<string>());
        var left = new LeftOutRows();
        long row = 0;
        using DataViewRowCursor cursor = data.GetRowCursor([feature, label]);
        ValueGetter<VBuffer<float>> getFrames = cursor.GetGetter<VBuffer<float>>(feature);
        ValueGetter<ReadOnlyMemory<char>> getText = cursor.GetGetter<ReadOnlyMemory<char>>(label);
        VBuffer<float> buffer = default;
        ReadOnlyMemory<char> transcript = default;
        for (; cursor.MoveNext(); row++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            getText(ref transcript);
            getFrames(ref buffer);
            string text = string.Join(' ', new Transcript(transcript.ToString(), options.LowerCase).Words);
            float[] frames = [.. buffer.DenseValues()];
            Check(frames, frameWidth, $"Row {row} of the {what}", feature.Name);
            if (text.Length == 0)
                left.Add("an empty transcript", row);
            else if (frames.Length == 0)
                left.Add("no frames", row);
            else
                read.Add(row, frames, text);
        }

        if (read.Rows.Count == 0)
            throw new InvalidOperationException($"The {what} has {row} rows{(row > 0 ? $", and none can be used: {left}" : "")}; at least one row with '{feature.Name}' and '{label.Name}' is needed.");
        if (left.Count > 0)
            log.Warning($"{left.Count} of {row} rows of the {what} are left out: {left}.");
        return read;
    }

    /// <summary>Adds everything to a fingerprint.</summary>
    public void AddTo(DataFingerprint fingerprint)
    {
        fingerprint.Add(Rows.Count);
        for (int i = 0; i < Rows.Count; i++)
        {
            fingerprint.Add(Rows[i]);
            fingerprint.Add<float>(Frames[i]);
            fingerprint.Add(Texts[i]);
        }
    }

    /// <summary>The words that occur, in order.</summary>
    public IEnumerable<string> Words() => Texts.SelectMany(text => text.Split(' ')).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The characters that occur, in order, behind the blank.</summary>
    public CtcAlphabet Alphabet() => new(["", .. Texts.SelectMany(text => text.EnumerateRunes()).Distinct().Order().Select(rune => rune.ToString())]);

    /// <summary>Holds out a share of the rows.</summary>
    /// <exception cref="InvalidOperationException">There are not two rows.</exception>
    public (SpeechTranscripts Kept, SpeechTranscripts HeldOut) Split(double fraction, Random random)
    {
        if (Rows.Count < 2)
            throw new InvalidOperationException($"The training data has {Rows.Count} row that can be used; at least 2 are needed to hold one out. Set ValidationSet, or train on more data.");
        int[] order = [.. Enumerable.Range(0, Rows.Count)];
        random.Shuffle(order);
        int out_ = Math.Clamp((int)Math.Round(fraction * order.Length), 1, order.Length - 1);
        return (Take(order[out_..]), Take(order[..out_]));
    }

    /// <summary>
    /// The transcripts as labels. Rows are left out, with a warning, where a character is not in the alphabet or the labels do
    /// not fit the steps of the network.
    /// </summary>
    /// <exception cref="InvalidOperationException">No row is left.</exception>
    public Utterance[] Encode(CtcAlphabet alphabet, SpeechShape shape, IChannel log)
    {
        var utterances = new List<Utterance>();
        var left = new LeftOutRows();
        for (int i = 0; i < Rows.Count; i++)
        {
            string[] symbols = [.. Texts[i].EnumerateRunes().Select(rune => rune.ToString())];
            var utterance = new Utterance(Rows[i], Frames[i], Array.ConvertAll(symbols, alphabet.Find));
            if (Array.Find(symbols, symbol => alphabet.Find(symbol) < 0) is { } unknown)
                left.Add($"the character '{unknown}', which the initial model does not know", Rows[i]);
            else if (utterance.FewestSteps > shape.Steps(utterance.Frames.Length / shape.FrameWidth))
                left.Add("a transcript of more labels, with blanks between equal ones, than the network has steps", Rows[i]);
            else
                utterances.Add(utterance);
        }

        if (utterances.Count == 0)
            throw new InvalidOperationException($"The training data has {Rows.Count} rows with frames and transcripts, and none can be used: {left}.");
        if (left.Count > 0)
            log.Warning($"{left.Count} of {Rows.Count} rows of the training data with frames and transcripts are left out: {left}.");
        return [.. utterances];
    }

    /// <summary>Checks that numbers are frames.</summary>
    /// <exception cref="InvalidOperationException">They are not whole frames, or one is not finite.</exception>
    public static void Check(ReadOnlySpan<float> frames, int width, string row, string column)
    {
        if (frames.Length % width != 0)
            throw new InvalidOperationException($"{row} has {frames.Length} numbers in column '{column}'; a multiple of {width}, the width of a frame, is needed.");
        // The sum is not finite where any number is not.
        if (float.IsFinite(TensorPrimitives.SumOfMagnitudes(frames)))
            return;
        for (int at = 0; at < frames.Length; at++)
        {
            if (!float.IsFinite(frames[at]))
                throw new InvalidOperationException($"{row} has {frames[at]} in frame {at / width}, place {at % width}, of column '{column}'; finite numbers are needed.");
        }
    }

    private void Add(long row, float[] frames, string text)
    {
        ((List<long>)Rows).Add(row);
        ((List<float[]>)Frames).Add(frames);
        ((List<string>)Texts).Add(text);
    }

    private SpeechTranscripts Take(int[] chosen) =>
        new([.. chosen.Select(i => Rows[i])], [.. chosen.Select(i => Frames[i])], [.. chosen.Select(i => Texts[i])]);
}
