using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Scores to log-probabilities: <c>x - log sum exp x</c>. Only the subtrahend is computed for a whole vocabulary; few of the
/// differences are ever looked at.
/// </summary>
internal static class LogSoftmax
{
    /// <summary>Computes <c>log sum exp</c> of each lane, shifted by the largest score so that nothing overflows.</summary>
    /// <param name="scores">[n, lanes]; n is at least 1.</param>
    /// <param name="lanes">1, 8 or a multiple of 16.</param>
    /// <param name="normalizers">[lanes].</param>
    public static void Normalizers(ReadOnlySpan<float> scores, int lanes, Span<float> normalizers)
    {
        ref float first = ref MemoryMarshal.GetReference(scores);
        // Fewer lanes than a vector has repeat inside it.
        int step = Math.Max(lanes, VectorFunctions.Width);
        for (int lane = 0; lane < lanes; lane += VectorFunctions.Width)
            Group(ref first, lane, step, scores.Length, normalizers[lane..Math.Min(lanes, lane + VectorFunctions.Width)]);
    }

    private static void Group(ref float scores, int start, int step, int length, Span<float> normalizers)
    {
        int rest = length - (length % step);
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
        for (int at = start; at < rest; at += step)
            largest = Vector512.Max(largest, Vector512.LoadUnsafe(ref scores, (nuint)at));
        if (start + rest < length)
            largest = Vector512.Max(largest, Rest(ref scores, rest, length));

        Span<float> values = stackalloc float[VectorFunctions.Width];
        largest.CopyTo(values);
        Fold(values, normalizers.Length, MathF.Max);
        largest = Vector512.Create<float>(values);

        Vector512<float> sum = Vector512.IsHardwareAccelerated
            ? SumOfPowers(ref scores, start, rest, step, largest)
            : Vector512.Create(SumOfPowers(ref scores, start, rest, step, largest.GetLower()), SumOfPowers(ref scores, start + Vector256<float>.Count, rest, step, largest.GetUpper()));
        if (start + rest < length)
            sum += VectorFunctions.Exp(Rest(ref scores, rest, length) - largest);
        sum.CopyTo(values);
        Fold(values, normalizers.Length, (a, b) => a + b);
        for (int lane = 0; lane < normalizers.Length; lane++)
            normalizers[lane] = largest[lane] + MathF.Log(values[lane]);
    }

    /// <summary>The sum of e to the power of each lane's scores less its largest, compiled at once and without calls, so that nothing goes through the stack.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static Vector512<float> SumOfPowers(ref float scores, int start, int end, int step, Vector512<float> largest)
    {
        Vector512<float> sum = default, second = default;
        int index = start;
        for (; index + step < end; index += 2 * step)
        {
            sum += VectorFunctions.Exp(Vector512.LoadUnsafe(ref scores, (nuint)index) - largest);
            second += VectorFunctions.Exp(Vector512.LoadUnsafe(ref scores, (nuint)(index + step)) - largest);
        }

        return index < end ? sum + second + VectorFunctions.Exp(Vector512.LoadUnsafe(ref scores, (nuint)index) - largest) : sum + second;
    }

    /// <summary>The same with vectors of 8 values.</summary>
    [MethodImpl(Compiled.AtOnce)]
    private static Vector256<float> SumOfPowers(ref float scores, int start, int end, int step, Vector256<float> largest)
    {
        Vector256<float> sum = default, second = default;
        int index = start;
        for (; index + step < end; index += 2 * step)
        {
            sum += VectorFunctions.Exp(Vector256.LoadUnsafe(ref scores, (nuint)index) - largest);
            second += VectorFunctions.Exp(Vector256.LoadUnsafe(ref scores, (nuint)(index + step)) - largest);
        }

        return index < end ? sum + second + VectorFunctions.Exp(Vector256.LoadUnsafe(ref scores, (nuint)index) - largest) : sum + second;
    }

    /// <summary>The last scores, which fill no vector; those that are missing have probability 0.</summary>
    private static Vector512<float> Rest(ref float scores, int at, int length)
    {
        Span<float> padded = stackalloc float[VectorFunctions.Width];
        padded.Fill(float.NegativeInfinity);
        MemoryMarshal.CreateReadOnlySpan(ref scores, length)[at..].CopyTo(padded);
        return Vector512.Create<float>(padded);
    }

    /// <summary>Combines the repetitions of a lane, and writes the result to all of them.</summary>
    private static void Fold(Span<float> values, int lanes, Func<float, float, float> combine)
    {
        for (int i = lanes; i < values.Length; i++)
            values[i % lanes] = combine(values[i % lanes], values[i]);
        for (int i = lanes; i < values.Length; i++)
            values[i] = values[i % lanes];
    }
}
