using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A transformer bound to a schema: what ML.NET asks for getters, once for every cursor.</summary>
internal sealed class SequenceRowMapper : IRowMapper
{
    private readonly SequenceTransformerBase _transformer;
    private readonly DataViewSchema.Column[] _inputs;

    /// <summary>Binds a transformer to a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input is not there or not of its type: ML.NET's schema mismatch.</exception>
    public SequenceRowMapper(IExceptionContext context, SequenceTransformerBase transformer, DataViewSchema schema)
    {
        _transformer = transformer;
        _inputs = transformer.Columns.FindInputs(context, schema);
    }

    /// <inheritdoc/>
    public Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        if (!Enumerable.Range(0, _transformer.Columns.Outputs.Count).Any(activeOutput))
            return _ => false;
        HashSet<int> needed = [.. _inputs.Select(column => column.Index)];
        return needed.Contains;
    }

    /// <inheritdoc/>
    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action? disposer)
    {
        IReadOnlyList<OutputColumn> columns = _transformer.Columns.Outputs;
        disposer = null;
        if (!Enumerable.Range(0, columns.Count).Any(activeOutput))
            return new Delegate[columns.Count];

        SequenceScorer scorer = _transformer.CreateScorer();
        disposer = scorer.Dispose;
        if (input is LookAheadCursor cursor && cursor.TryLookAhead(scorer.MostRowsTogether))
            return new WindowScores(cursor, _inputs, columns, activeOutput, scorer).MakeGetters();
        ScorerInputs inputs = new(input, _inputs);
        ScorerOutputs outputs = new(columns, activeOutput);
        long scored = long.MinValue;
        return outputs.MakeGetters(() =>
        {
            // One row is scored once, for whichever of its columns is asked for first.
            if (scored == input.Position)
                return outputs;
            outputs.Clear();
            scorer.Score(inputs, outputs);
            scored = input.Position;
            return outputs;
        });
    }

    /// <inheritdoc/>
    public DataViewSchema.DetachedColumn[] GetOutputColumns() =>
        [.. _transformer.Columns.Outputs.Select(column => column.ToDetachedColumn())];

    /// <inheritdoc/>
    public ITransformer GetTransformer() => _transformer;

    /// <inheritdoc/>
    public void Save(ModelSaveContext ctx) => ((ICanSaveModel)_transformer).Save(ctx);
}
