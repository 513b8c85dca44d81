using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.HLstm.ModelFile;

/// <summary>A copy of a vector, whose memory callers must not share.</summary>
internal sealed class BufferedVector<T>(DataViewRow source, DataViewSchema.Column column) : BufferedValue<VBuffer<T>>(source, column)
{
    /// <inheritdoc/>
    protected override int ItemSize => Unsafe.SizeOf<T>();

    /// <inheritdoc/>
    protected override long Count(in VBuffer<T> value) => value.GetValues().Length;

    /// <inheritdoc/>
    protected override void Copy(in VBuffer<T> from, ref VBuffer<T> to) => from.CopyTo(ref to);
}
