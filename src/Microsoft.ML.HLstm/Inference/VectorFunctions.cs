using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The exponential, logistic and hyperbolic tangent functions, 16 float32 values at once; training and scoring share them.
/// Each is monotonic, exact at the infinities, and gives NaN for NaN. Sigmoid and Tanh are within 2e-7 of the true value
/// everywhere.
/// </summary>
internal static partial class VectorFunctions
{
    /// <summary>Values of a vector.</summary>
    public const int Width = 16;

    private const float Largest = 88.72f;
    private const float Smallest = -87f;

    /// <summary>e to the power of x, with a relative error of 2e-7 (1 + |x| / 3); 0 below -87, infinity above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        if (!Vector512.IsHardwareAccelerated)
            return Vector512.Create(Exp(x.GetLower()), Exp(x.GetUpper()));
        Vector512<float> y = BoundedExp(Bounded(x, Smallest, Largest));
        y = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Smallest)), Vector512<float>.Zero, y);
        y = Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(Largest)), Vector512.Create(float.PositiveInfinity), y);
        return NaNLike(x, y);
    }

    /// <summary>The logistic function <c>1 / (1 + exp(-x))</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x)
    {
        if (!Vector512.IsHardwareAccelerated)
            return Vector512.Create(Sigmoid(x.GetLower()), Sigmoid(x.GetUpper()));
        Vector512<float> one = Vector512<float>.One;
        Vector512<float> y = one / (one + BoundedExp(Bounded(-x, Smallest, -Smallest)));
        y = Vector512.ConditionalSelect(Vector512.LessThan(x, Vector512.Create(Smallest)), Vector512<float>.Zero, y);
        return NaNLike(x, y);
    }

    /// <summary>The hyperbolic tangent; an odd function also in its last bit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        if (!Vector512.IsHardwareAccelerated)
            return Vector512.Create(Tanh(x.GetLower()), Tanh(x.GetUpper()));
        Vector512<float> one = Vector512<float>.One, size = Vector512.Abs(x);
        Vector512<float> y = one - (Vector512.Create(2f) / (one + BoundedExp(Bounded(size + size, 0, -Smallest))));
        return NaNLike(x, Vector512.CopySign(y, x));
    }

    /// <summary>Replaces every value by its logistic function.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Sigmoid(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += Width)
            Store(Sigmoid(Load(ref first, i, values.Length)), ref first, i, values.Length);
    }

    /// <summary>Replaces every value by its exponential.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Exp(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += Width)
            Store(Exp(Load(ref first, i, values.Length)), ref first, i, values.Length);
    }

    /// <summary>Replaces every value by its hyperbolic tangent.</summary>
    [MethodImpl(Compiled.AtOnce)]
    public static void Tanh(Span<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        for (int i = 0; i < values.Length; i += Width)
            Store(Tanh(Load(ref first, i, values.Length)), ref first, i, values.Length);
    }

    /// <summary>The vector at <paramref name="index"/> of <paramref name="length"/> values; zeros stand for those past the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float values, int index, int length) =>
        index + Width <= length ? Vector512.LoadUnsafe(ref values, (nuint)index) : LoadSome(ref Unsafe.Add(ref values, index), length - index);

    /// <summary>Writes the part of the vector at <paramref name="index"/> that <paramref name="length"/> values have room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> vector, ref float values, int index, int length)
    {
        if (index + Width <= length)
            vector.StoreUnsafe(ref values, (nuint)index);
        else
            StoreSome(vector, ref Unsafe.Add(ref values, index), length - index);
    }

    private static Vector512<float> LoadSome(ref float values, int count)
    {
        Span<float> padded = stackalloc float[Width];
        MemoryMarshal.CreateReadOnlySpan(ref values, count).CopyTo(padded);
        return Vector512.Create<float>(padded);
    }

    private static void StoreSome(Vector512<float> vector, ref float values, int count)
    {
        Span<float> all = stackalloc float[Width];
        vector.CopyTo(all);
        all[..count].CopyTo(MemoryMarshal.CreateSpan(ref values, count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Bounded(Vector512<float> x, float least, float most) =>
        Vector512.MinNative(Vector512.MaxNative(x, Vector512.Create(least)), Vector512.Create(most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> NaNLike(Vector512<float> x, Vector512<float> y) => Vector512.ConditionalSelect(Vector512.Equals(x, x), y, x);

    /// <summary>
    /// <c>2^n p(r)</c> with <c>x = n ln 2 + r</c> and r from 0 to ln 2. Coefficients and r are positive, so every rounded
    /// operation of the polynomial is monotonic; the bounds of r and p make its pieces meet.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> BoundedExp(Vector512<float> x)
    {
        Vector512<float> n = Vector512.Floor(x * Vector512.Create(1.44269504f));
        Vector512<float> r = Vector512.MultiplyAddEstimate(n, Vector512.Create(-0.693359375f), x);
        r = Vector512.MaxNative(Vector512.MultiplyAddEstimate(n, Vector512.Create(2.12194440e-4f), r), Vector512<float>.Zero);
        // Interpolates (exp(r) - 1) / r at Chebyshev's points.
        Vector512<float> p = Vector512.MultiplyAddEstimate(r, Vector512.Create(0.00187708728f), Vector512.Create(0.00793247018f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.0418142453f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.166642383f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512.Create(0.500001431f));
        p = Vector512.MultiplyAddEstimate(p, r, Vector512<float>.One);
        p = Vector512.MinNative(Vector512.MultiplyAddEstimate(p, r, Vector512<float>.One), Vector512.Create(2f));
        return (p.AsInt32() + (Vector512.ConvertToInt32Native(n) << 23)).AsSingle();
    }
}
