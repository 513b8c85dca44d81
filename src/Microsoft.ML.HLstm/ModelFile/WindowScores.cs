using System.Runtime.ExceptionServices;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>Scores the rows that a cursor has read ahead together, as soon as a result of one of them is asked for.</summary>
internal sealed class WindowScores(
    LookAheadCursor cursor, DataViewSchema.Column[] columns, IReadOnlyList<OutputColumn> outputColumns, Func<int, bool> isActive, SequenceScorer scorer)
{
    private readonly List<ScorerInputs> _inputs = [];
    private readonly List<ScorerOutputs> _outputs = [];
    private readonly List<ExceptionDispatchInfo?> _errors = [];
    private long _window;

    /// <summary>Makes ML.NET's getters; null for columns that nobody wants.</summary>
    public Delegate[] MakeGetters() => new ScorerOutputs(outputColumns, isActive).MakeGetters(Scored);

    private ScorerOutputs Scored()
    {
        if (_window != cursor.Window)
        {
            Score();
            _window = cursor.Window;
        }

        if (cursor.Index < 0 || cursor.Index >= cursor.Count)
            throw new InvalidOperationException("The cursor stands on no row.");
        _errors[cursor.Index]?.Throw();
        return _outputs[cursor.Index];
    }

    private void Score()
    {
        while (_inputs.Count < cursor.Count)
        {
            _inputs.Add(new ScorerInputs(cursor.Rows[_inputs.Count], columns));
            _outputs.Add(new ScorerOutputs(outputColumns, isActive));
            _errors.Add(null);
        }

        for (int row = 0; row < cursor.Count; row++)
        {
            _outputs[row].Clear();
            _errors[row] = null;
        }

        try
        {
            scorer.ScoreTogether([.. _inputs.Take(cursor.Count)], [.. _outputs.Take(cursor.Count)]);
        }
        catch (Exception)
        {
            ScoreEach();
        }
    }

    /// <summary>One of the rows cannot be scored: the error belongs to it, and the others have their results.</summary>
    private void ScoreEach()
    {
        for (int row = 0; row < cursor.Count; row++)
        {
            try
            {
                _outputs[row].Clear();
                scorer.Score(_inputs[row], _outputs[row]);
            }
            catch (Exception error)
            {
                _errors[row] = ExceptionDispatchInfo.Capture(error);
            }
        }
    }
}
