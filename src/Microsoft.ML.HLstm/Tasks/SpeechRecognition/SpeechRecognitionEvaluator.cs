using Microsoft.ML.Data;
using Microsoft.ML.HLstm.Metrics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm.Tasks.SpeechRecognition;

/// <summary>Measures scored data.</summary>
internal static class SpeechRecognitionEvaluator
{
    /// <summary>Error rates of a column of transcripts against a column of references.</summary>
    public static SpeechRecognitionMetrics Evaluate(IHostEnvironment environment, IDataView data, string? labelColumnName,
        string predictedColumnName, bool lowerCase, int worstUtterances)
    {
        IHost host = environment.Register(nameof(SpeechRecognitionEvaluator));
        host.CheckValue(data, nameof(data));
        if (worstUtterances < 0)
            throw new ArgumentOutOfRangeException(nameof(worstUtterances), worstUtterances, $"{nameof(worstUtterances)} is {worstUtterances}; 0 or more is allowed.");
        DataViewSchema.Column predicted = ScoredColumns.Predicted(host, data, predictedColumnName);
        DataViewSchema.Column label = ScoredColumns.Label(host, data, predicted, labelColumnName);
        if (label.Type is not TextDataViewType)
            throw host.ExceptSchemaMismatch(nameof(data), "label", label.Name, "text", label.Type.ToString()!);

        var scoring = new TranscriptScoring(lowerCase, worstUtterances);
        using DataViewRowCursor cursor = data.GetRowCursor([predicted, label]);
        ValueGetter<ReadOnlyMemory<char>> getPredicted = cursor.GetGetter<ReadOnlyMemory<char>>(predicted);
        ValueGetter<ReadOnlyMemory<char>> getLabel = cursor.GetGetter<ReadOnlyMemory<char>>(label);
        ReadOnlyMemory<char> hypothesis = default, reference = default;
        while (cursor.MoveNext())
        {
            getPredicted(ref hypothesis);
            getLabel(ref reference);
            scoring.Add(reference.ToString(), hypothesis.ToString());
        }

        return scoring.Spoken > 0
            ? new SpeechRecognitionMetrics(scoring)
            : throw host.Except($"The data to evaluate has {scoring.Utterances} rows, and no word in column '{label.Name}'; error rates need at least one word.");
    }
}
