using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>
/// How long a saved model takes for a row, alone, as a prediction engine gives it one. Every model is measured in turns with
/// the same reference model, so that whatever else the machine does slows both down: latencies measured hours apart compare.
/// </summary>
internal sealed class LatencyMeter(MLContext mlContext, IDataView data)
{
    private const int Rows = 16, MostTurns = 31, FewestTurns = 5;
    private const double MostSeconds = 4;

    private readonly IDataView _rows = mlContext.Data.Cache(mlContext.Data.TakeRows(data, Rows));
    private ITransformer? _reference;
    private double _referenceMilliseconds;

    /// <summary>Sets the model to measure against, with what it took when it was measured.</summary>
    public void SetReference(ITransformer model, double milliseconds) => (_reference, _referenceMilliseconds) = (model, milliseconds);

    /// <summary>Milliseconds for a row: the median over turns. The first model measured becomes the reference.</summary>
    /// <exception cref="InvalidOperationException">The model cannot score a row by itself, or gives nothing that could be read.</exception>
    public double Measure(ITransformer model, CancellationToken cancellationToken)
    {
        CompilerWarmUp.Run(() => Pass(model), cancellationToken);
        if (_reference is null)
        {
            SetReference(model, Median(Turns(() => Pass(model), cancellationToken)));
            return _referenceMilliseconds;
        }

        CompilerWarmUp.Run(() => Pass(_reference), cancellationToken);
        return _referenceMilliseconds * Median(Turns(() => Pass(model) / Pass(_reference), cancellationToken));
    }

    private static List<double> Turns(Func<double> turn, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        var values = new List<double>();
        while (values.Count < FewestTurns || (values.Count < MostTurns && watch.Elapsed.TotalSeconds < MostSeconds))
        {
            values.Add(turn());
            cancellationToken.ThrowIfCancellationRequested();
        }

        return values;
    }

    /// <summary>Scores the rows once. What it takes to open the data and to make the scorer is not counted.</summary>
    private double Pass(ITransformer model)
    {
        if (!model.IsRowToRowMapper)
            throw new InvalidOperationException($"The latency of a {model.GetType().Name} cannot be measured: it does not score rows one by one.");
        using DataViewRowCursor cursor = _rows.GetRowCursor(_rows.Schema);
        IRowToRowMapper mapper = model.GetRowToRowMapper(_rows.Schema);
        DataViewSchema.Column output = mapper.OutputSchema.LastOrDefault(column => !column.IsHidden && column.Type is TextDataViewType or NumberDataViewType)
            is { Name: not null } found ? found : throw new InvalidOperationException("The model has no output of text or numbers.");
        using DataViewRow row = mapper.GetRow(cursor, [output]);
        Action read = output.Type is TextDataViewType ? Reader<ReadOnlyMemory<char>>(row, output) : Reader<float>(row, output);
        long start = Stopwatch.GetTimestamp();
        int count = 0;
        for (; cursor.MoveNext(); count++)
            read();
        return count > 0
            ? Stopwatch.GetElapsedTime(start).TotalMilliseconds / count
            : throw new InvalidOperationException("The validation data has no rows; at least one is needed.");
    }

    private static Action Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> getter = row.GetGetter<T>(column);
        T value = default!;
        return () => getter(ref value);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
