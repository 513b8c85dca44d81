using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.HLstm.Training;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Validates a network by the word accuracy of its greedy transcripts, made by the managed code that will score: what is
/// chosen is what is deployed.
/// </summary>
internal sealed class SpeechValidation(SpeechTranscripts held, CtcAlphabet alphabet, int threads)
{
    private const int Together = 16;

    // A search is tried some thirty times.
    private const int MostSearched = 256;

    private readonly CtcScorer _greedy = new(alphabet, new CtcDecodingOptions { BeamWidth = 1 });

    /// <summary>100 (1 - word error rate) of the given weights: 100 is perfect, and insertions can take it below 0.</summary>
    public double WordAccuracy(SpeechWeights weights, CancellationToken cancellationToken)
    {
        var decoder = new CtcDecoder(_greedy);
        var scoring = new TranscriptScoring(lowerCase: false, worst: 0);
        float[][] found = LogProbabilities(weights, [.. Enumerable.Range(0, held.Rows.Count)], cancellationToken);
        for (int row = 0; row < found.Length; row++)
            scoring.Add(held.Texts[row], decoder.Decode(found[row])[0].Text);
        return 100 * (1 - scoring.Words.Rate);
    }

    /// <summary>The search that makes the fewest word errors with some weights.</summary>
    /// <returns>Its options, and the word error rates with it and without a search.</returns>
    public (CtcDecodingOptions Best, double Rate, double Greedy) Search(SpeechWeights weights, SpeechLanguage language, Preparation preparation, CancellationToken cancellationToken)
    {
        int[] rows = [.. Enumerable.Range(0, held.Rows.Count)];
        if (rows.Length > MostSearched)
            rows = [.. Enumerable.Range(0, MostSearched).Select(i => (int)((long)i * rows.Length / MostSearched))];
        // Whoever cancels training still wants the model, which is there by now.
        float[][] found = LogProbabilities(weights, rows, CancellationToken.None);
        return new DecodingSearch(language, found, Array.ConvertAll(rows, row => held.Texts[row]), threads).Run(preparation, cancellationToken);
    }

    private float[][] LogProbabilities(SpeechWeights weights, int[] rows, CancellationToken cancellationToken)
    {
        var packed = new PackedSpeech(weights);
        float[][] found = new float[rows.Length][];
        int[][] batches = [.. Enumerable.Range(0, rows.Length).OrderBy(i => held.Frames[rows[i]].Length).Chunk(Together)];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, batches.Length, options, () => new SpeechScorer(packed), (batch, _, scorer) =>
        {
            var together = scorer.LogProbabilitiesAll([.. batches[batch].Select(i => (ReadOnlyMemory<float>)held.Frames[rows[i]])]);
            for (int i = 0; i < together.Length; i++)
                found[batches[batch][i]] = together[i];
            return scorer;
        }, _ => { });
        return found;
    }
}
