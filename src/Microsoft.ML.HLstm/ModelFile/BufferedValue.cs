using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A copy of a value that assignment copies.</summary>
internal class BufferedValue<T>(DataViewRow source, DataViewSchema.Column column) : BufferedCell
{
    private readonly ValueGetter<T> _getter = source.GetGetter<T>(column);
    private ExceptionDispatchInfo? _error;
    private T _value = default!;

    /// <inheritdoc/>
    public override void Take()
    {
        _error = null;
        try
        {
            _getter(ref _value);
        }
        catch (Exception error)
        {
            // Belongs to whoever asks for this value of this row.
            _error = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <inheritdoc/>
    public override long Size => Count(_value) * ItemSize;

    /// <summary>Copies the value out; throws what reading it threw.</summary>
    public void Get(ref T value)
    {
        _error?.Throw();
        Copy(_value, ref value);
    }

    /// <summary>Bytes of an item.</summary>
    protected virtual int ItemSize => Unsafe.SizeOf<T>();

    /// <summary>Items of a value.</summary>
    protected virtual long Count(in T value) => 1;

    /// <summary>Copies a value.</summary>
    protected virtual void Copy(in T from, ref T to) => to = from;
}
