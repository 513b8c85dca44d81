using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Measures scored data.</summary>
internal static class TranslationEvaluator
{
    /// <summary>Corpus BLEU of a column of translations against one or several references a row.</summary>
    public static TranslationMetrics Evaluate(IHostEnvironment environment, IDataView data, string? labelColumnName, string predictedColumnName, bool lowerCase)
    {
        IHost host = environment.Register(nameof(TranslationEvaluator));
        host.CheckValue(data, nameof(data));
        DataViewSchema.Column predicted = ScoredColumns.Predicted(host, data, predictedColumnName);
        DataViewSchema.Column label = ScoredColumns.Label(host, data, predicted, labelColumnName);
        if (!ColumnTexts.IsText(label))
            throw host.ExceptSchemaMismatch(nameof(data), "label", label.Name, "text or vector of text", label.Type.ToString()!);

        var hypotheses = new List<string>();
        var references = new List<string[]>();
        using DataViewRowCursor cursor = data.GetRowCursor([predicted, label]);
        ValueGetter<ReadOnlyMemory<char>> getPredicted = cursor.GetGetter<ReadOnlyMemory<char>>(predicted);
        Func<string[]> getReferences = ColumnTexts.Reader(cursor, label);
        ReadOnlyMemory<char> text = default;
        while (cursor.MoveNext())
        {
            getPredicted(ref text);
            hypotheses.Add(text.ToString());
            // A row of a vector of fixed size has empty texts where it has fewer references.
            references.Add([.. getReferences().Where(reference => reference.Length > 0)]);
            if (references[^1].Length == 0)
                throw host.Except($"Row {references.Count - 1} has no reference in column '{label.Name}'; it needs at least one.");
        }

        if (hypotheses.Count == 0)
            throw host.Except("The data to evaluate has no rows; at least one is needed.");
        int most = references.Max(row => row.Length);
        string?[][] sets = [.. Enumerable.Range(0, most).Select(set => references.Select(row => set < row.Length ? row[set] : null).ToArray())];
        return new TranslationMetrics(Bleu.Corpus(hypotheses, sets, lowerCase), hypotheses.Count);
    }
}
