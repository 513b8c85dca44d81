namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// A network that predicts a sequence one token at a time, for several hypotheses side by side. Translation and captioning
/// differ only in what stands behind this. Implementations hold working memory and are not thread-safe.
/// </summary>
internal interface IStepModel
{
    /// <summary>Token ids are below this; it is at least <see cref="SpecialTokens.Count"/>.</summary>
    int VocabularySize { get; }

    /// <summary>Goes back to the start of the sequence, as state 0, and makes room for so many hypotheses.</summary>
    void Begin(int beamWidth);

    /// <summary>
    /// Feeds hypothesis i the token <c>tokens[i]</c>, continuing from the state that hypothesis <c>parents[i]</c> of the call
    /// before had afterwards. Allocates nothing.
    /// </summary>
    /// <param name="parents">[n], n at most the width given to <see cref="Begin"/>.</param>
    /// <param name="tokens">[n].</param>
    /// <param name="logProbabilities">[n, <see cref="VocabularySize"/>], filled with natural logarithms of the next token's probability.</param>
    /// <param name="attended">[n], filled with the source position that the next token attends to most, or -1.</param>
    void Step(ReadOnlySpan<int> parents, ReadOnlySpan<int> tokens, Span<float> logProbabilities, Span<int> attended);
}
