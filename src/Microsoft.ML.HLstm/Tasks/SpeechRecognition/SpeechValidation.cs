using Microsoft.ML.HLstm.Inference;
using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.Metrics;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>
/// Validates a network by the word accuracy of its greedy transcripts, made by the managed code that will score: what is
/// chosen is what is deployed.
/// </summary>
internal sealed class SpeechValidation(SpeechTranscripts held, CtcAlphabet alphabet, int threads)
{
    private const int Together = 16;
    private readonly CtcScorer _greedy = new(alphabet, new CtcDecodingOptions { BeamWidth = 1 });
    private readonly int[][] _batches = [.. Enumerable.Range(0, held.Rows.Count).OrderBy(i => held.Frames[i].Length).Chunk(Together)];

    /// <summary>100 (1 - word error rate) of the given weights: 100 is perfect, and insertions can take it below 0.</summary>
    public double WordAccuracy(SpeechWeights weights, CancellationToken cancellationToken)
    {
        var packed = new PackedSpeech(weights);
        var transcripts = new string[held.Rows.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken };
        Parallel.For(0, _batches.Length, options, () => (Scorer: new SpeechScorer(packed), Decoder: new CtcDecoder(_greedy)), (batch, _, own) =>
        {
            int[] rows = _batches[batch];
            var found = own.Scorer.LogProbabilitiesAll([.. rows.Select(row => (ReadOnlyMemory<float>)held.Frames[row])]);
            for (int i = 0; i < rows.Length; i++)
                transcripts[rows[i]] = own.Decoder.Decode(found[i])[0].Text;
            return own;
        }, _ => { });

        var scoring = new TranscriptScoring(lowerCase: false, worst: 0);
        for (int i = 0; i < transcripts.Length; i++)
            scoring.Add(held.Texts[i], transcripts[i]);
        return 100 * (1 - scoring.Words.Rate);
    }
}
