namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Scores rows, one after the other: each cursor has a scorer of its own with its working memory, while the packed
/// weights belong to the transformer and are shared.
/// </summary>
internal abstract class SequenceScorer : IDisposable
{
    /// <summary>Scores one row.</summary>
    /// <param name="inputs">The row's values, by the index of the input column.</param>
    /// <param name="outputs">Takes the results, by the index of the output column. Every row starts with missing values.</param>
    public abstract void Score(ScorerInputs inputs, ScorerOutputs outputs);

    /// <summary>Gives working memory back when the cursor is done.</summary>
    public virtual void Dispose()
    {
    }
}
