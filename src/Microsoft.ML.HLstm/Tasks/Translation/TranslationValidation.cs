using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Validates a network by corpus BLEU of its translations, made by the managed code that will score, as it will score: what is
/// chosen is what is deployed.
/// </summary>
/// <param name="held">The sentences and their translations.</param>
/// <param name="model">The model that weights make.</param>
/// <param name="options">How translations are searched for.</param>
internal sealed class TranslationValidation(ParallelText held, Func<TranslationWeights, TranslationModel> model, TranslationOptions options)
{
    private const int Together = 64;
    private readonly int[][] _batches = [.. Enumerable.Range(0, held.Sources.Count).OrderBy(i => held.Sources[i].Length).Chunk(Together)];
    private readonly DecodingOptions _decoding = options.Decoding with { Threads = 1, Alternatives = 1 };

    /// <summary>BLEU of the given weights.</summary>
    public double Bleu(TranslationWeights weights, CancellationToken cancellationToken)
    {
        TranslationModel scored = model(weights);
        var translations = new string[held.Sources.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
        Parallel.For(0, _batches.Length, parallel, () => new SentenceTranslator(scored, _decoding), (batch, _, translator) =>
        {
            int[] rows = _batches[batch];
            var found = translator.TranslateAll([.. rows.Select(row => held.Sources[row].AsMemory())], new int[rows.Length]);
            for (int i = 0; i < rows.Length; i++)
                translations[rows[i]] = found[i][0].Text;
            return translator;
        }, _ => { });
        return Metrics.Bleu.Corpus(translations, held.Targets, options.LowerCase).Score;
    }
}
