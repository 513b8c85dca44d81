using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Some utterances as padded tensors.</summary>
internal sealed class SpeechBatch
{
    /// <summary>Pads the utterances to their longest.</summary>
    public SpeechBatch(IReadOnlyList<Utterance> utterances, SpeechShape shape)
    {
        Utterances = utterances;
        int width = shape.FrameWidth;
        Lengths = [.. utterances.Select(utterance => utterance.Frames.Length / width)];
        Steps = [.. Lengths.Select(shape.Steps)];
        int most = Lengths.Max();
        var frames = new float[utterances.Count * most * width];
        for (int row = 0; row < utterances.Count; row++)
            utterances[row].Frames.CopyTo(frames, row * most * width);
        Frames = tensor(frames, [utterances.Count, most, width]);
        Labels = tensor([.. utterances.SelectMany(utterance => utterance.Labels).Select(label => (long)label)], ScalarType.Int64);
        LabelLengths = [.. utterances.Select(utterance => utterance.Labels.Length)];
    }

    /// <summary>What is padded.</summary>
    public IReadOnlyList<Utterance> Utterances { get; }

    /// <summary>Frames (B, T, F), zeros behind each utterance.</summary>
    public Tensor Frames { get; }

    /// <summary>Frames of each utterance.</summary>
    public int[] Lengths { get; }

    /// <summary>Steps of the recurrent layers for each utterance.</summary>
    public int[] Steps { get; }

    /// <summary>The labels of all utterances, one after the other.</summary>
    public Tensor Labels { get; }

    /// <summary>Labels of each utterance.</summary>
    public int[] LabelLengths { get; }

    /// <summary>What a sum of losses is divided by: the labels, or 1 where there are none.</summary>
    public int Predictions => Math.Max(1, LabelLengths.Sum());
}
