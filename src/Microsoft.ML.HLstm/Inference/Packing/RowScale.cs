using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Inference.Packing;

/// <summary>
/// Weights of a row as integers times one scale: <c>W[r, c] = scale[r] * code[r, c]</c>. An int16 code is off by at most
/// 2^-16 of the largest weight of its row, an int8 code by 1/254 of it.
/// </summary>
internal static class RowScale
{
    /// <summary>Scale with which the largest weight of the row has the largest code; 1 for float32, which needs none.</summary>
    /// <typeparam name="TWeight">float, short or sbyte.</typeparam>
    public static float Of<TWeight>(ReadOnlySpan<float> row)
        where TWeight : unmanaged
    {
        if (typeof(TWeight) == typeof(float))
            return 1;
        return Of(row, typeof(TWeight) == typeof(short) ? short.MaxValue : sbyte.MaxValue);
    }

    /// <summary>Scale with which the largest weight of the row has the code <paramref name="largestCode"/>; 1 for a row of zeros.</summary>
    /// <remarks>
    /// A loop of our own: in a new process TensorPrimitives runs unoptimised, for longer than it takes to load a model.
    /// </remarks>
    [MethodImpl(Compiled.AtOnce)]
    public static float Of(ReadOnlySpan<float> row, int largestCode)
    {
        float largest = 0;
        foreach (float value in row)
            largest = Math.Max(largest, Math.Abs(value));
        float scale = largest / largestCode;
        return scale > 0 ? scale : 1;
    }

    /// <summary>The nearest code of a weight.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TWeight Encode<TWeight>(float value, float scale)
        where TWeight : unmanaged
    {
        if (typeof(TWeight) == typeof(float))
            return (TWeight)(object)value;
        float code = MathF.Round(value / scale);
        if (typeof(TWeight) == typeof(short))
            return (TWeight)(object)(short)Math.Clamp(code, -short.MaxValue, short.MaxValue);
        return (TWeight)(object)(sbyte)Math.Clamp(code, -sbyte.MaxValue, sbyte.MaxValue);
    }

    /// <summary>A code as a number, before it is scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle<TWeight>(TWeight code)
        where TWeight : unmanaged
    {
        if (typeof(TWeight) == typeof(float))
            return (float)(object)code;
        if (typeof(TWeight) == typeof(short))
            return (short)(object)code;
        return (sbyte)(object)code;
    }
}
