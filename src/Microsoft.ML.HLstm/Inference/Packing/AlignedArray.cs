using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Elements that begin at a cache line, so that no 64-byte vector of them lies across two. The garbage collector does not
/// move them. Some zeros follow the last element, for loads that are wider than what they use.
/// </summary>
internal readonly struct AlignedArray<T>
    where T : unmanaged
{
    private const int LineBytes = 64;
    private readonly T[] _memory;
    private readonly int _first;

    /// <summary>Makes room for <paramref name="length"/> zeros.</summary>
    public unsafe AlignedArray(int length)
    {
        _memory = GC.AllocateArray<T>(length + (2 * LineBytes), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));
        nuint padding = (LineBytes - (address % LineBytes)) % LineBytes;
        _first = (int)padding / sizeof(T);
        Length = length;
    }

    /// <summary>Number of elements.</summary>
    public int Length { get; }

    /// <summary>Memory of the elements.</summary>
    public long Bytes => (long)Length * Unsafe.SizeOf<T>();

    /// <summary>All elements.</summary>
    public Span<T> Span => _memory.AsSpan(_first, Length);

    /// <summary>The element at <paramref name="index"/>, which is not checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref T At(int index) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_memory), _first + index);
}
