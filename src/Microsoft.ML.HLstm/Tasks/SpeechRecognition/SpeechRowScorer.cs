using Microsoft.ML.HLstm.Inference.Ctc;
using Microsoft.ML.HLstm.ModelFile;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Scores the rows of one cursor.</summary>
internal sealed class SpeechRowScorer(SpeechModel model, CtcScorer objective, string column) : SequenceScorer
{
    private readonly SpeechScorer _scorer = new(model.Packed, objective.Options.Threads);
    private readonly CtcDecoder _decoder = new(objective);

    /// <inheritdoc/>
    public override int MostRowsTogether => 32;

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs)
    {
        ReadOnlySpan<float> frames = Frames(inputs);
        Write(frames.IsEmpty ? [] : Decode(_scorer.LogProbabilities(frames), outputs), outputs);
    }

    /// <inheritdoc/>
    public override void ScoreTogether(IReadOnlyList<ScorerInputs> inputs, IReadOnlyList<ScorerOutputs> outputs)
    {
        ReadOnlyMemory<float>[] frames = [.. inputs.Select(row => (ReadOnlyMemory<float>)Frames(row).ToArray())];
        // Neighbours are about as long as each other, which is what makes them worth computing side by side.
        int[] order = [.. Enumerable.Range(0, frames.Length).OrderBy(row => frames[row].Length)];
        float[][] found = _scorer.LogProbabilitiesAll([.. order.Select(row => frames[row])]);
        for (int i = 0; i < order.Length; i++)
            Write(frames[order[i]].IsEmpty ? [] : Decode(found[i], outputs[order[i]]), outputs[order[i]]);
    }

    private IReadOnlyList<CtcHypothesis> Decode(ReadOnlySpan<float> logProbabilities, ScorerOutputs outputs) => _decoder.Decode(logProbabilities, align: outputs.IsActive(4));

    private ReadOnlySpan<float> Frames(ScorerInputs inputs)
    {
        ReadOnlySpan<float> frames = inputs.Singles(0);
        SpeechTranscripts.Check(frames, model.Frames.Width, "A row", column);
        return frames;
    }

    /// <summary>Silence is an empty transcript, which is certain.</summary>
    private void Write(IReadOnlyList<CtcHypothesis> found, ScorerOutputs outputs)
    {
        outputs.SetText(0, found.Count > 0 ? found[0].Text : "");
        outputs.SetSingle(1, found.Count > 0 ? (float)found[0].LogProbability : 0);
        if (outputs.IsActive(2))
            outputs.SetTexts(2, found.Count > 0 ? [.. found.Select(hypothesis => hypothesis.Text.AsMemory())] : ["".AsMemory()]);
        if (outputs.IsActive(3))
            outputs.SetSingles(3, found.Count > 0 ? [.. found.Select(hypothesis => (float)hypothesis.LogProbability)] : [0]);
        if (outputs.IsActive(4))
            outputs.SetSingles(4, found.Count > 0 ? [.. found[0].Words.SelectMany(Times)] : []);
    }

    /// <summary>Start and end in seconds.</summary>
    private IEnumerable<float> Times(CtcWord word) =>
        [(float)(word.FirstFrame * model.SecondsPerStep), (float)((word.LastFrame + 1) * model.SecondsPerStep)];
}
