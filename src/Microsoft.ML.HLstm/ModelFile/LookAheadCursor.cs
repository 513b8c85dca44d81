using System.Runtime.ExceptionServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>
/// A cursor that, if somebody asks for it, reads some rows ahead and keeps all their active values, so that rows can be scored
/// together. What comes out is what goes in: the same rows, in the same order, with the same positions and ids.
/// </summary>
internal sealed class LookAheadCursor(DataViewRowCursor input) : DataViewRowCursor
{
    private const int FirstWindow = 8;

    // Copies of long rows, and what scoring makes of them, must not fill the memory.
    private const long MostBytes = 64 << 20;
    private readonly List<BufferedRow> _rows = [];
    private int _most, _size, _count;
    private bool _ended;
    private ExceptionDispatchInfo? _error;

    /// <inheritdoc/>
    public override DataViewSchema Schema => input.Schema;

    /// <inheritdoc/>
    public override long Position => LooksAhead ? Current?.Position ?? -1 : input.Position;

    /// <inheritdoc/>
    public override long Batch => LooksAhead ? Current?.Batch ?? 0 : input.Batch;

    /// <summary>Counts the windows; each replaces the rows of the one before.</summary>
    public long Window { get; private set; }

    /// <summary>Rows of the window, the one that the cursor stands on among them.</summary>
    public IReadOnlyList<BufferedRow> Rows => _rows;

    /// <summary>How many of <see cref="Rows"/> belong to the window.</summary>
    public int Count => _count;

    /// <summary>The row of the window that the cursor stands on.</summary>
    public int Index { get; private set; } = -1;

    private bool LooksAhead => _most > 1;

    private BufferedRow? Current => Index >= 0 && Index < _count ? _rows[Index] : null;

    /// <summary>
    /// Asks for windows of at most so many rows; they begin small, for those who want the first few rows only, and have fewer rows where these are long. False, and
    /// nothing changes, where that is one row, or an active column has values that two places cannot hold at a time. Before the
    /// first row and before any getter is made.
    /// </summary>
    public bool TryLookAhead(int most)
    {
        if (most <= 1 || !Schema.Where(IsColumnActive).All(column => BufferedRow.CanBuffer(column.Type)))
            return false;
        _most = most;
        _size = Math.Min(most, FirstWindow);
        return true;
    }

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (!LooksAhead)
            return input.MoveNext();
        if (Index + 1 >= _count && !Fill())
            return false;
        Index++;
        return true;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!LooksAhead)
            return input.GetGetter<TValue>(column);
        // The input checks the column and the type.
        input.GetGetter<TValue>(column);
        return (ref TValue value) => Standing.Get(column.Index, ref value);
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        LooksAhead ? (ref DataViewRowId value) => value = Standing.Id : input.GetIdGetter();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }

    private BufferedRow Standing => Current ?? throw new InvalidOperationException("The cursor stands on no row.");

    private bool Fill()
    {
        _count = 0;
        Index = -1;
        _error?.Throw();
        if (_ended)
            return false;
        try
        {
            for (long bytes = 0; _count < _size && bytes < MostBytes && !_ended; bytes += _rows[_count - 1].Size)
            {
                if (!input.MoveNext())
                {
                    _ended = true;
                    break;
                }

                if (_count == _rows.Count)
                    _rows.Add(new BufferedRow(input));
                _rows[_count].Take();
                _count++;
            }
        }
        catch (Exception error) when (_count > 0)
        {
            // The rows before it come first, as they would without looking ahead.
            _error = ExceptionDispatchInfo.Capture(error);
        }

        _size = Math.Min(_most, 2 * _size);
        Window++;
        return _count > 0;
    }
}
