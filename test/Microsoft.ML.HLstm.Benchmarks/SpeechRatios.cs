using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.SpeechRecognition;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// A training step of the speech network at the sizes and lengths of AN4 (default options, 80 bands, 16 utterances of about 2.65
/// seconds), whole and in parts: how much of it convolutions and recurrent layers take, and what other convolutions would.
/// </summary>
internal static class SpeechRatios
{
    private const int Width = 80, Labels = 29, Batch = 16, Frames = 265, Characters = 20;

    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        HLstmCell.UseFused = true;
        var options = new SpeechRecognitionOptions();
        var contest = new Contest($"A training step of speech recognition, {Batch} utterances of {Frames} frames, {threads} thread(s)", turns: 7);
        using var whole = new Step(options.Convolutions, options.Layers);
        contest.Add("convolutions 16 11x11 /2x2, 16 11x7 /2x2, three layers of 256 units", whole.Train);
        contest.Add("the same, forward only", whole.Predict);
        contest.Add("its convolutions", whole.TrainConvolutions);
        (string Name, ConvolutionShape[] Shapes)[] others =
        [
            ("16 11x11 /2x2", [new(16, 11, 11, 2, 2)]),
            ("32 11x11 /2x2, 32 11x7 /2x2", [new(32, 11, 11, 2, 2), new(32, 11, 7, 2, 2)]),
            ("32 11x41 /2x2, 32 11x21 /1x2", [new(32, 11, 41, 2, 2), new(32, 11, 21, 1, 2)]),
            ("16 5x5 /2x2, 16 5x5 /2x2", [new(16, 5, 5, 2, 2), new(16, 5, 5, 2, 2)]),
        ];
        Step[] steps = [.. others.Select(other => new Step(other.Shapes, options.Layers))];
        for (int i = 0; i < steps.Length; i++)
        {
            contest.Add($"convolutions {others[i].Name}", steps[i].TrainConvolutions);
            contest.Add($"whole step with {others[i].Name}", steps[i].Train);
        }

        contest.Run(output);
        foreach (Step step in steps)
            step.Dispose();
    }

    private sealed class Step : IDisposable
    {
        private readonly Generator _generator = new(1);
        private readonly SpeechNetwork _network;
        private readonly MaskedAdam _adam;
        private readonly SpeechBatch _batch;

        public Step(IReadOnlyList<ConvolutionShape> convolutions, int layers)
        {
            var shape = new SpeechShape(Width, Labels, convolutions, 256, layers, true, true, new GateNetworkOptions(1, 256, GateActivation.LeakyRelu, false, 0));
            _network = new SpeechNetwork(shape, 0.2, _generator);
            _network.train();
            _adam = new MaskedAdam([.. _network.named_parameters().Select(entry => new TrainedParameter(entry.name, entry.parameter, MaskedMatrices.None))], 0.998);
            var random = new Random(1);
            // Lengths within a tenth of each other, as in a batch of similar ones.
            Utterance[] utterances = [.. Enumerable.Range(0, Batch).Select(i => new Utterance(i,
                [.. Enumerable.Range(0, (Frames - Batch + 2 * i) * Width).Select(_ => (float)(2 * random.NextDouble() - 1))],
                [.. Enumerable.Range(0, Characters).Select(_ => random.Next(1, Labels))]))];
            _batch = new SpeechBatch(utterances, shape);
        }

        public void Train()
        {
            using var scope = NewDisposeScope();
            _network.Loss(_batch).backward();
            _adam.Step(1e-3, Math.Min(1, 5 / _adam.GradientNorm()));
        }

        public void Predict()
        {
            using var scope = NewDisposeScope();
            using IDisposable quiet = no_grad();
            _ = _network.Loss(_batch).item<float>();
        }

        public void TrainConvolutions()
        {
            using var scope = NewDisposeScope();
            _network.Features(_batch).sum().backward();
        }

        public void Dispose()
        {
            _network.Dispose();
            _generator.Dispose();
        }
    }
}
