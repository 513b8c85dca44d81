namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Vector arithmetic of one width, so that a kernel is written once and compiled for each instruction set. Most kernels
/// skip the tiers of the compiler: before vector operations are inlined they take 20 times as long, on a busy machine for
/// seconds. <see cref="PanelVector{TVector, TSimd, TWeight}"/> does not: compiled at once it stays twice as slow, which is why the
/// wide vectors have versions of their own.
/// </summary>
/// <typeparam name="TVector">A vector of <see cref="Count"/> float32 numbers.</typeparam>
internal interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>Numbers in a vector: 4, 8 or 16.</summary>
    static abstract int Count { get; }

    /// <summary>Reads <see cref="Count"/> numbers.</summary>
    static abstract TVector Load(ref float source, nuint offset);

    /// <summary>
    /// Reads <see cref="Count"/> elements and widens them to float32. May touch as many bytes as the widest register has;
    /// <see cref="AlignedArray{T}"/> has room for them after its end.
    /// </summary>
    /// <typeparam name="TWeight">float, short or sbyte.</typeparam>
    static abstract TVector Load<TWeight>(ref TWeight source, nuint offset)
        where TWeight : unmanaged;

    /// <summary>Writes all numbers of <paramref name="vector"/>.</summary>
    static abstract void Store(TVector vector, ref float destination, nuint offset);

    /// <summary>A vector of equal numbers.</summary>
    static abstract TVector Broadcast(float value);

    /// <summary>Sum, element by element.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left * right + addend</c>, rounded once where the processor can.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Sum of all numbers of a vector.</summary>
    static abstract float Sum(TVector vector);
}
