namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// Scores rows, one after the other or some together: each cursor has a scorer of its own with its working memory, while the packed
/// weights belong to the transformer and are shared.
/// </summary>
internal abstract class SequenceScorer : IDisposable
{
    /// <summary>Scores one row.</summary>
    /// <param name="inputs">The row's values, by the index of the input column.</param>
    /// <param name="outputs">Takes the results, by the index of the output column. Every row starts with missing values.</param>
    public abstract void Score(ScorerInputs inputs, ScorerOutputs outputs);

    /// <summary>Rows that are worth scoring together; 1 for none.</summary>
    public virtual int MostRowsTogether => 1;

    /// <summary>Scores some rows together: each gets what <see cref="Score"/> gives, but for the rounding of sums.</summary>
    /// <param name="inputs">The values of each row.</param>
    /// <param name="outputs">Takes the results of each row.</param>
    public virtual void ScoreTogether(IReadOnlyList<ScorerInputs> inputs, IReadOnlyList<ScorerOutputs> outputs)
    {
        for (int row = 0; row < inputs.Count; row++)
            Score(inputs[row], outputs[row]);
    }

    /// <summary>Gives working memory back when the cursor is done.</summary>
    public virtual void Dispose()
    {
    }
}
