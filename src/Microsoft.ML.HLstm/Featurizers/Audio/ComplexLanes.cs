using System.Numerics;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>Complex numbers of several signals side by side, one in each lane of a vector register.</summary>
internal readonly struct ComplexLanes(Vector<float> real, Vector<float> imaginary)
{
    public readonly Vector<float> Real = real;
    public readonly Vector<float> Imaginary = imaginary;

    /// <summary>This times -i.</summary>
    public ComplexLanes TimesMinusI
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Imaginary, -Real);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator +(ComplexLanes a, ComplexLanes b) => new(a.Real + b.Real, a.Imaginary + b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator -(ComplexLanes a, ComplexLanes b) => new(a.Real - b.Real, a.Imaginary - b.Imaginary);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes a, float b) => new(a.Real * b, a.Imaginary * b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ComplexLanes operator *(ComplexLanes a, (float Real, float Imaginary) b) =>
        new(a.Real * b.Real - a.Imaginary * b.Imaginary, a.Real * b.Imaginary + a.Imaginary * b.Real);
}
