using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>What a transformer reads and writes: one declaration for it and for its estimator.</summary>
internal sealed class SequenceColumns
{
    /// <summary>Declares columns, in the order in which a scorer names them by index.</summary>
    /// <exception cref="ArgumentException">Two outputs have one name, or a name is empty.</exception>
    public SequenceColumns(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (OutputColumn output in outputs)
        {
            if (!names.Add(output.Name))
                throw new ArgumentException($"Two output columns have the name '{output.Name}': names of outputs must differ.", nameof(outputs));
        }
        if (inputs.Select(input => input.Name).Concat(names).Any(string.IsNullOrEmpty))
            throw new ArgumentException("The name of a column is empty: every input and output column needs one.", nameof(inputs));
        Inputs = inputs;
        Outputs = outputs;
    }

    /// <summary>The columns that are read.</summary>
    public IReadOnlyList<InputColumn> Inputs { get; }

    /// <summary>The columns that are written.</summary>
    public IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The names of all columns, inputs first: what a model file keeps.</summary>
    public IEnumerable<string> Names => Inputs.Select(input => input.Name).Concat(Outputs.Select(output => output.Name));

    /// <summary>Finds the inputs in a schema of data.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is not there or not of its type: ML.NET's schema mismatch.</exception>
    public DataViewSchema.Column[] FindInputs(IExceptionContext context, DataViewSchema schema) =>
        [.. Inputs.Select(input => input.Find(context, schema))];

    /// <summary>Checks the inputs and adds the outputs: an estimator's <c>GetOutputSchema</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An input is not there or not of its type: ML.NET's schema mismatch.</exception>
    public SchemaShape GetOutputSchema(IExceptionContext context, SchemaShape inputSchema)
    {
        foreach (InputColumn input in Inputs)
            input.Find(context, inputSchema);
        Dictionary<string, SchemaShape.Column> columns = inputSchema.ToDictionary(column => column.Name);
        foreach (OutputColumn output in Outputs)
            columns[output.Name] = output.ToShape();
        return new SchemaShape(columns.Values);
    }
}
