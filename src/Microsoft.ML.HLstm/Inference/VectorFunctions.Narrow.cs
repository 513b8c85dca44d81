using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// The same functions with vectors of 8 values, line for line, for processors whose vectors have no more: what the library
/// puts in the place of 16 values there takes four times as long.
/// </summary>
internal static partial class VectorFunctions
{
    /// <inheritdoc cref="Exp(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Exp(Vector256<float> x)
    {
        Vector256<float> y = BoundedExp(Bounded(x, Smallest, Largest));
        y = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Smallest)), Vector256<float>.Zero, y);
        y = Vector256.ConditionalSelect(Vector256.GreaterThan(x, Vector256.Create(Largest)), Vector256.Create(float.PositiveInfinity), y);
        return NaNLike(x, y);
    }

    /// <inheritdoc cref="Sigmoid(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Sigmoid(Vector256<float> x)
    {
        Vector256<float> one = Vector256<float>.One;
        Vector256<float> y = one / (one + BoundedExp(Bounded(-x, Smallest, -Smallest)));
        y = Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256.Create(Smallest)), Vector256<float>.Zero, y);
        return NaNLike(x, y);
    }

    /// <inheritdoc cref="Tanh(Vector512{float})"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Tanh(Vector256<float> x)
    {
        Vector256<float> one = Vector256<float>.One, size = Vector256.Abs(x);
        Vector256<float> y = one - (Vector256.Create(2f) / (one + BoundedExp(Bounded(size + size, 0, -Smallest))));
        return NaNLike(x, Vector256.CopySign(y, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Bounded(Vector256<float> x, float least, float most) =>
        Vector256.MinNative(Vector256.MaxNative(x, Vector256.Create(least)), Vector256.Create(most));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> NaNLike(Vector256<float> x, Vector256<float> y) => Vector256.ConditionalSelect(Vector256.Equals(x, x), y, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> BoundedExp(Vector256<float> x)
    {
        Vector256<float> n = Vector256.Floor(x * Vector256.Create(1.44269504f));
        Vector256<float> r = Vector256.MultiplyAddEstimate(n, Vector256.Create(-0.693359375f), x);
        r = Vector256.MaxNative(Vector256.MultiplyAddEstimate(n, Vector256.Create(2.12194440e-4f), r), Vector256<float>.Zero);
        Vector256<float> p = Vector256.MultiplyAddEstimate(r, Vector256.Create(0.00187708728f), Vector256.Create(0.00793247018f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(0.0418142453f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(0.166642383f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256.Create(0.500001431f));
        p = Vector256.MultiplyAddEstimate(p, r, Vector256<float>.One);
        p = Vector256.MinNative(Vector256.MultiplyAddEstimate(p, r, Vector256<float>.One), Vector256.Create(2f));
        return (p.AsInt32() + (Vector256.ConvertToInt32Native(n) << 23)).AsSingle();
    }
}
