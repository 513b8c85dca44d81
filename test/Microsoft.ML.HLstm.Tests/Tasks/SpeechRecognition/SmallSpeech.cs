using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;

namespace Microsoft.ML.HLstm.Tests.Tasks.SpeechRecognition;

/// <summary>Shapes and random utterances of a few numbers.</summary>
internal static class SmallSpeech
{
    public const int Labels = 6;

    /// <summary>A shape with two convolutions of different strides.</summary>
    public static SpeechShape Shape(int layers = 2, bool bidirectional = true, bool sum = true, int gateLayers = 1, bool shared = false, double dropout = 0) =>
        new(7, Labels, [new(3, 3, 5, 2, 2), new(2, 5, 3, 1, 2)], 5, layers, bidirectional, sum, new GateNetworkOptions(gateLayers, gateLayers == 0 ? 0 : 4, GateActivation.LeakyRelu, shared, dropout));

    /// <summary>An utterance of random frames and labels for each length.</summary>
    public static Utterance[] Utterances(SpeechShape shape, Random random, params int[] frames) =>
        [.. frames.Select((count, row) => new Utterance(
            row,
            [.. Enumerable.Range(0, count * shape.FrameWidth).Select(_ => (float)(2 * random.NextDouble() - 1))],
            [.. Enumerable.Range(0, Math.Max(1, shape.Steps(count) / 3)).Select(_ => random.Next(1, shape.Labels))]))];
}
