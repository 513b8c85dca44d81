using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using Microsoft.ML.HLstm.Training;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// A training step of the translation network at the sizes and lengths of Multi30k (256 units, 5,000 subwords, 64 pairs of
/// about 15 tokens), whole: what an epoch consists of. The densities are those that a compact run goes through.
/// </summary>
internal static class EpochRatios
{
    private const int Units = 256, Vocabulary = 5000, Batch = 64;

    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        foreach (int gateSize in (int[])[GateNetworkOptions.DefaultWidth(Units), Units])
            Run(output, gateSize, threads);
    }

    private static void Run(TextWriter output, int gateSize, int threads)
    {
        foreach ((double gates, double embeddings) in ((double, double)[])[(1, 1), (0.5, 0.5), (0.25, 0.3), (0.13, 0.3), (0.06, 0.3)])
        {
            using var generator = new Generator(1);
            var shape = new TranslationShape(Vocabulary, Vocabulary, Units, Units, 1, 1, true, true, true, new GateNetworkOptions(1, gateSize, GateActivation.LeakyRelu, false, 0));
            using var network = new TranslationNetwork(shape, 0.3, generator);
            network.train();
            TrainedParameter[] parameters = [.. network.named_parameters().Select(entry => new TrainedParameter(entry.name, entry.parameter, MaskedMatrices.None))];
            var adam = new MaskedAdam(parameters, 0.998);
            var sparsity = new Sparsity(network.named_parameters()
                .Where(entry => entry.parameter is Weight && entry.parameter.dim() > 1 && !entry.name.Contains("bias", StringComparison.Ordinal))
                .Select(entry => ((Weight)entry.parameter, entry.name.Contains("embedding", StringComparison.Ordinal) ? embeddings : gates)));
            SentencePair[] pairs = Pairs();
            void Step(bool fused, bool activeOnly)
            {
                HLstmCell.UseFused = fused;
                sparsity.ActiveOnly = activeOnly;
                using var scope = NewDisposeScope();
                var batch = new TranslationBatch(pairs);
                network.Loss(network.Predict(batch), batch.Labels, TranslationBatch.Ignored, 0.1).backward();
                adam.Step(1e-3, Math.Min(1, 5 / adam.GradientNorm()));
            }

            new Contest($"A training step of translation, density {gates} and {embeddings} of embeddings, {Units} units, gates of {gateSize}, {threads} thread(s)", turns: 11)
                .Add("composed of library operations", () => Step(fused: false, activeOnly: false))
                .Add("all connections", () => Step(fused: true, activeOnly: false))
                .Add("active connections", () => Step(fused: true, activeOnly: true))
                .Run(output);
        }
    }

    private static SentencePair[] Pairs()
    {
        var random = new Random(1);
        int[] Sentence(int length) => [.. Enumerable.Range(0, length).Select(_ => random.Next(4, Vocabulary))];
        return [.. Enumerable.Range(0, Batch).Select(i => new SentencePair(i, [.. Sentence(14), 3], Sentence(13 + i % 5)))];
    }
}
