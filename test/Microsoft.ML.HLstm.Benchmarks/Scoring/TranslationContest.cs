using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Networks;
using Microsoft.ML.HLstm.Tasks.Translation;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks.Scoring;

/// <summary>Whole sentences with a beam of 5: a trained model in this engine, and in TorchSharp.</summary>
internal static class TranslationContest
{
    private const int SentenceCount = 8, LibraryUnits = 256, Beam = 5;
    private const double Tolerance = 1e-3;

    /// <exception cref="InvalidOperationException">The two have different results.</exception>
    public static ContestResult Measure(string modelPath, string dataPath, int turns)
    {
        TranslationModel model = ModelZip.Load(modelPath).Model;
        int[][] sentences = [.. Sentences.Read(dataPath, SentenceCount)
            .Select(text => model.Source.Tokenize(text).Take(model.MaximumLength).Select(token => token.Id).ToArray())];
        var options = new BeamSearchOptions { BeamWidth = Beam };
        var engine = new TranslationScorer(model.Packed);
        bool fused = HLstmCell.UseFused;
        HLstmCell.UseFused = false;
        try
        {
            using var random = new Generator(1);
            using var same = new SteppedTranslation(Network(model.Weights, random));
            using var library = new LibraryTranslation(model.Weights.SourceEmbedding.Rows, model.Weights.TargetEmbedding.Rows, LibraryUnits, random);
            using IDisposable quiet = no_grad();
            BeamSearchOptions[] lengths = [.. sentences.Select(sentence => options with { MaximumLength = Check(sentence, engine, same, options) })];
            Contest contest = new Contest($"Translation with beam {Beam}, {sentences.Length} sentences of {sentences.Average(sentence => sentence.Length):F1} tokens on average, model {Path.GetFileName(modelPath)}", turns)
                .Add("same network, TorchSharp", () => Array.ForEach(sentences, sentence => same.Translate(sentence, options)))
                .Add($"LSTM of {LibraryUnits}, TorchSharp", () => Run(library, sentences, lengths), baseline: true)
                .Add("engine, whole vocabulary", () => Array.ForEach(sentences, sentence => engine.Translate(sentence, options)));
            if (model.Shortlist is { } shortlist)
            {
                var likely = new TranslationScorer(model.Packed, shortlist: shortlist);
                contest.Add($"engine, shortlist of {shortlist.Size}", () => Array.ForEach(sentences, sentence => likely.Translate(sentence, options)));
            }

            return contest.Measure();
        }
        finally
        {
            HLstmCell.UseFused = fused;
        }
    }

    private static void Run(LibraryTranslation library, int[][] sentences, BeamSearchOptions[] options)
    {
        for (int i = 0; i < sentences.Length; i++)
            library.Translate(sentences[i], options[i]);
    }

    /// <summary>Checks that both find equally probable translations; the length of the engine's.</summary>
    private static int Check(int[] sentence, TranslationScorer engine, SteppedTranslation same, BeamSearchOptions options)
    {
        BeamHypothesis own = engine.Translate(sentence, options)[0], other = same.Translate(sentence, options)[0];
        if (!(Math.Abs(own.LogProbability - other.LogProbability) <= Tolerance * (1 + Math.Abs(other.LogProbability))))
            throw new InvalidOperationException($"The engine's translation has log-probability {own.LogProbability}, the training network's {other.LogProbability}; they must agree to {Tolerance}.");
        return Math.Max(1, own.Tokens.Length);
    }

    /// <summary>The training network with a model's weights, its gates as narrow as compaction has made the widest.</summary>
    private static TranslationNetwork Network(TranslationWeights weights, Generator random)
    {
        CellWeights cell = weights.EncoderForward[0];
        int width = weights.Cells.SelectMany(c => c.TrunkWidths.Concat(c.Hidden.SelectMany(trunk => trunk).Select(layer => layer.OutputSize))).DefaultIfEmpty().Max();
        var gates = new GateNetworkOptions(cell.HasHiddenLayers ? cell.Hidden[0].Length + 1 : 0, width, cell.Activation, cell.TrunkWidths.Length == 1, 0);
        var shape = new TranslationShape(
            weights.SourceEmbedding.Rows, weights.TargetEmbedding.Rows, weights.SourceEmbedding.Columns, cell.StateSize,
            weights.EncoderForward.Length, weights.Decoder.Length, weights.Bidirectional, weights.InputFeeding, weights.TiedOutput, gates);
        var network = new TranslationNetwork(shape, 0, random);
        TranslationImport.Load(network, weights);
        return network;
    }
}
