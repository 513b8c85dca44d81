using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary><see cref="InstructionSet.Portable"/>.</summary>
internal readonly struct SimdPortable : ISimd<Vector<float>>
{
    /// <inheritdoc/>
    public static int Count => Vector<float>.Count;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load(ref float source, nuint offset) => Vector.LoadUnsafe(ref source, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Load<TWeight>(ref TWeight source, nuint offset)
        where TWeight : unmanaged
    {
        if (typeof(TWeight) == typeof(float))
            return Vector.LoadUnsafe(ref Unsafe.As<TWeight, float>(ref source), offset);
        if (typeof(TWeight) == typeof(short))
            return Vector.ConvertToSingle(Vector.WidenLower(Vector.LoadUnsafe(ref Unsafe.As<TWeight, short>(ref source), offset)));
        return Vector.ConvertToSingle(Vector.WidenLower(Vector.WidenLower(Vector.LoadUnsafe(ref Unsafe.As<TWeight, sbyte>(ref source), offset))));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector<float> vector, ref float destination, nuint offset) => vector.StoreUnsafe(ref destination, offset);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Broadcast(float value) => Vector.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Add(Vector<float> left, Vector<float> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> MultiplyAdd(Vector<float> left, Vector<float> right, Vector<float> addend) =>
        Vector.MultiplyAddEstimate(left, right, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector<float> vector) => Vector.Sum(vector);
}
