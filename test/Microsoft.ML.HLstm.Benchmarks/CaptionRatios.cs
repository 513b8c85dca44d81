using System.Globalization;
using Microsoft.ML.HLstm.Benchmarks.Scoring;
using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Tasks.ImageCaptioning;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// From the features of one picture to its caption: networks of the sizes and densities of docs/results-captions.md with made-up weights,
/// against the baseline, an LSTM, in TorchSharp. All write captions of one length, because made-up weights know no end.
/// </summary>
internal static class CaptionRatios
{
    private const int Features = 1280, Width = 512, GateSize = 256, Words = 2564, CaptionLength = 11, Beam = 3;
    private const double CellDensity = 0.034, EmbeddingDensity = 0.13;
    private const float Never = -1e4f;

    /// <exception cref="InvalidOperationException">The engine and TorchSharp have different results.</exception>
    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        using IDisposable quiet = no_grad();
        var random = new RandomCells(1);
        float[] picture = random.Bias(Features);
        var options = new BeamSearchOptions { BeamWidth = Beam, MaximumLength = CaptionLength };
        CaptionWeights baseline = Network(random, random.Lstm(Width, Width), MaskPattern.Unstructured, 1);
        using var library = new TorchCaptioner(baseline);
        Check(new CaptionScorer(baseline).CaptionAll([picture], options)[0][0], library.Caption(picture, options)[0]);
        Contest contest = new Contest($"A caption of {CaptionLength} words, beam {Beam}, {threads} thread(s) for TorchSharp, 1 for the engine", turns: 11, slice: 100)
            .Add("LSTM, TorchSharp", () => library.Caption(picture, options))
            .Add(Engine("LSTM, engine", baseline));
        foreach (MaskPattern pattern in new[] { MaskPattern.Unstructured, MaskPattern.Balanced, MaskPattern.Blocks })
        {
            foreach (double density in new[] { CellDensity, 1 }.Take(pattern == MaskPattern.Unstructured ? 2 : 1))
            {
                CellWeights cell = random.HLstm(Width, Width, pattern, density, GateSize);
                string name = density < 1 ? Masks.Describe(pattern, density) : "dense";
                contest.Add(Engine($"H-LSTM, {name}, engine", Network(random, cell, pattern, density < 1 ? EmbeddingDensity : 1)));
            }
        }

        contest.Run(output);

        Contestant Engine(string name, CaptionWeights weights)
        {
            var scorer = new CaptionScorer(weights);
            return new Contestant(name, () => scorer.CaptionAll([picture], options));
        }
    }

    private static CaptionWeights Network(RandomCells random, CellWeights cell, MaskPattern pattern, double density)
    {
        DenseLayer Layer(string name, int outputs, int inputs) => new(random.Matrix(name, outputs, inputs, Masks.Make(pattern, outputs, inputs, density, new Random(outputs))), random.Bias(outputs));
        DenseLayer output = Layer("output", Words, Width);
        output.Bias[SpecialTokens.End] = Never;
        return new CaptionWeights
        {
            FeatureProjection = Layer("features", Width, Features),
            Embedding = Layer("embedding", Words, Width).Weight,
            Decoder = [cell],
            OutputProjection = output,
        };
    }

    private static void Check(BeamHypothesis own, BeamHypothesis other)
    {
        const double Tolerance = 1e-3;
        if (!(Math.Abs(own.LogProbability - other.LogProbability) <= Tolerance * (1 + Math.Abs(other.LogProbability))))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"The engine's caption has log-probability {own.LogProbability}, TorchSharp's {other.LogProbability}; they must agree to {Tolerance}."));
    }
}
