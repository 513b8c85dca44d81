using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Scores the rows of one cursor.</summary>
internal sealed class TranslationRowScorer(IHost host, TranslationModel model, DecodingOptions decoding) : SequenceScorer
{
    private readonly SentenceTranslator _translator = new(model, decoding);
    private long _cut;

    /// <inheritdoc/>
    public override int MostRowsTogether => 128;

    /// <inheritdoc/>
    public override void Score(ScorerInputs inputs, ScorerOutputs outputs) =>
        Write(_translator.Translate(inputs.Text(0).Span, out int tokens), tokens, outputs);

    /// <inheritdoc/>
    public override void ScoreTogether(IReadOnlyList<ScorerInputs> inputs, IReadOnlyList<ScorerOutputs> outputs)
    {
        int[] tokens = new int[inputs.Count];
        var found = _translator.TranslateAll([.. inputs.Select(row => row.Text(0))], tokens);
        for (int row = 0; row < found.Length; row++)
            Write(found[row], tokens[row], outputs[row]);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        if (_cut > 1)
            Warn($"{_cut} sentences were cut to {model.MaximumLength} tokens (MaximumLength).");
    }

    private void Write(IReadOnlyList<(string Text, float LogProbability)> found, int tokens, ScorerOutputs outputs)
    {
        if (tokens > model.MaximumLength && _cut++ == 0)
            Warn($"A sentence of {tokens} tokens is cut to {model.MaximumLength} (MaximumLength); further ones are counted.");
        outputs.SetText(0, found[0].Text);
        outputs.SetSingle(1, found[0].LogProbability);
        if (outputs.IsActive(2))
            outputs.SetTexts(2, [.. found.Select(translation => translation.Text.AsMemory())]);
        if (outputs.IsActive(3))
            outputs.SetSingles(3, [.. found.Select(translation => translation.LogProbability)]);
    }

    private void Warn(string message)
    {
        using IChannel channel = host.Start("Translate");
        channel.Warning(message);
    }
}
