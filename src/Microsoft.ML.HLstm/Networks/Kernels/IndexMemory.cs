using System.Runtime.InteropServices;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>Native memory for numbers of rows or columns; it is given back when nothing refers to it any more.</summary>
/// <remarks>
/// Pinned arrays would stay where they are, and those that pruning has replaced would leave holes that the garbage collector does not
/// give back: 10 MiB while a translator of 4.4 million connections was pruned.
/// </remarks>
internal sealed unsafe class IndexMemory
{
    /// <summary>Memory for <paramref name="count"/> zeros.</summary>
    public IndexMemory(int count) => Pointer = (int*)NativeMemory.AllocZeroed((nuint)Math.Max(1, count), sizeof(int));

    /// <summary>Gives the memory back.</summary>
    ~IndexMemory() => NativeMemory.Free(Pointer);

    /// <summary>The first number; this must be kept alive as long as it is used.</summary>
    public int* Pointer { get; }
}
