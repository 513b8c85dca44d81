using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// Passes over a row of logits, whole vectors first and the end of the row after them: with the calls for the end inside a loop its constants would
/// go through the stack.
/// </summary>
internal static unsafe class LogitRows
{
    /// <summary>Adds the bias; the largest logit and the sum of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Largest, float Sum) AddBias(float* logits, float* bias, int classes)
    {
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity), together = default;
        int full = classes & -VectorMath.Width;
        for (int i = 0; i < full; i += VectorMath.Width)
        {
            Vector512<float> logit = Vector512.Load(logits + i) + Vector512.Load(bias + i);
            logit.Store(logits + i);
            largest = Vector512.Max(largest, logit);
            together += logit;
        }

        float most = float.NegativeInfinity, sum = Vector512.Sum(together);
        for (int i = 0; i < VectorMath.Width; i++)
            most = Math.Max(most, largest[i]);
        for (int i = full; i < classes; i++)
        {
            sum += logits[i] += bias[i];
            most = Math.Max(most, logits[i]);
        }

        return (most, sum);
    }

    /// <summary>Writes e to the power of each logit less <paramref name="shift"/>, which may be the logits' own place; the sum of all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Powers(float* logits, float* powers, float shift, int classes)
    {
        Vector512<float> shifts = Vector512.Create(shift), total = default;
        int full = classes & -VectorMath.Width;
        for (int i = 0; i < full; i += VectorMath.Width)
        {
            Vector512<float> power = VectorFunctions.Exp(Vector512.Load(logits + i) - shifts);
            power.Store(powers + i);
            total += power;
        }

        float sum = Vector512.Sum(total);
        if (full < classes)
        {
            VectorMath.Store(VectorFunctions.Exp(VectorMath.Load(logits + full, classes - full) - shifts), powers + full, classes - full);
            sum += TensorPrimitives.Sum<float>(new Span<float>(powers + full, classes - full));
        }

        return sum;
    }

    /// <summary>Powers become gradients: times <paramref name="factor"/>, less <paramref name="less"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* powers, float factor, float less, int classes)
    {
        Vector512<float> factors = Vector512.Create(factor), subtrahend = Vector512.Create(less);
        int full = classes & -VectorMath.Width;
        for (int i = 0; i < full; i += VectorMath.Width)
            (Vector512.Load(powers + i) * factors - subtrahend).Store(powers + i);
        if (full < classes)
            VectorMath.Store(VectorMath.Load(powers + full, classes - full) * factors - subtrahend, powers + full, classes - full);
    }

    /// <summary>
    /// Two views of one vector, their logits and, one behind the other, their powers: each view's logits become the gradients of its cross entropy and
    /// of its divergence from the other.
    /// </summary>
    /// <param name="one">Logits of the first view.</param>
    /// <param name="other">Logits of the second view.</param>
    /// <param name="powers">Powers of both.</param>
    /// <param name="classes">Logits of a view.</param>
    /// <param name="first">What makes the first view's powers probabilities, and what every class's gradient is less by.</param>
    /// <param name="second">The same of the second view.</param>
    /// <param name="share">What a vector counts.</param>
    /// <param name="weight">What a difference of probabilities counts.</param>
    /// <returns>The sum of the divergences in both directions.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Pull(float* one, float* other, float* powers, int classes, (float Scale, float Less) first, (float Scale, float Less) second, float share, float weight)
    {
        Vector512<float> firstScale = Vector512.Create(first.Scale), secondScale = Vector512.Create(second.Scale);
        Vector512<float> firstLess = Vector512.Create(first.Less), secondLess = Vector512.Create(second.Less);
        Vector512<float> shares = Vector512.Create(share), weights = Vector512.Create(weight), divergence = default;
        int full = classes & -VectorMath.Width, left = classes - full;
        for (int i = 0; i < full; i += VectorMath.Width)
        {
            Vector512<float> p = Vector512.Load(powers + i) * firstScale, q = Vector512.Load(powers + classes + i) * secondScale;
            // The normalizers of both, the same for all classes, are multiplied by differences that sum up to 0.
            Vector512<float> apart = p - q;
            divergence += apart * (Vector512.Load(one + i) - Vector512.Load(other + i));
            apart *= weights;
            ((p + apart) * shares - firstLess).Store(one + i);
            ((q - apart) * shares - secondLess).Store(other + i);
        }

        if (left > 0)
        {
            Vector512<float> p = VectorMath.Load(powers + full, left) * firstScale, q = VectorMath.Load(powers + classes + full, left) * secondScale;
            Vector512<float> apart = p - q;
            divergence += apart * (VectorMath.Load(one + full, left) - VectorMath.Load(other + full, left));
            apart *= weights;
            VectorMath.Store((p + apart) * shares - firstLess, one + full, left);
            VectorMath.Store((q - apart) * shares - secondLess, other + full, left);
        }

        return Vector512.Sum(divergence);
    }
}
