namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A network that predicts sequences one token at a time, for several hypotheses side by side, of one source or several.
/// Translation and captioning differ only in what stands behind this. Implementations hold working memory and are not
/// thread-safe.
/// </summary>
internal interface IStepModel
{
    /// <summary>Token ids are below this; it is at least <see cref="SpecialTokens.Count"/>.</summary>
    int VocabularySize { get; }

    /// <summary>What there is to predict a sequence for: sentences read, pictures seen.</summary>
    int Sources { get; }

    /// <summary>Goes back to the start: state s is that before the first token for source s.</summary>
    /// <param name="hypotheses">Most that a step will be given.</param>
    void Begin(int hypotheses);

    /// <summary>
    /// Feeds hypothesis i the token <c>tokens[i]</c>, continuing from the state that hypothesis <c>parents[i]</c> of the call
    /// before had afterwards, for the same source. Read all scores before the next step. Allocates nothing.
    /// </summary>
    /// <param name="parents">[n]; those of one source side by side.</param>
    /// <param name="tokens">[n].</param>
    void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens);

    /// <summary>Computes the scores of the next few hypotheses of the step; false when there are no more. Allocates nothing.</summary>
    bool TryReadScores(out StepScores scores);
}
