using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// What rows of logits should be, and how far from it they are: cross entropy against labels that are smoothed and mixed with what a teacher
/// predicts. With <paramref name="consistency"/> rows 2i and 2i + 1 are two views of vectors i and i + N / 2, and what <see cref="Consistency"/> says of them counts, too.
/// </summary>
internal sealed unsafe class CrossEntropyTargets(long[] labels, long ignored, double smoothing, SoftTargets? teacher, double consistency)
{
    /// <summary>Rows of logits.</summary>
    public int Rows => labels.Length;

    /// <summary>Rows that belong together, one behind the other.</summary>
    public int Views => consistency > 0 ? 2 : 1;

    /// <summary>Rows that have a loss.</summary>
    public int Counted { get; } = labels.Count(label => label != ignored);

    /// <summary>The losses of rows of logits without bias, which become the gradients of their mean.</summary>
    public void Losses(float* logits, float* bias, int classes, Span<double> losses, int first)
    {
        if (Views == 1)
        {
            for (int row = 0; row < losses.Length; row++)
                losses[row] = Single(logits + (nint)row * classes, bias, classes, first + row);
            return;
        }

        using FloatBuffer powers = FloatBuffer.Rent(2L * classes);
        for (int row = 0; row < losses.Length; row += 2)
        {
            float* one = logits + (nint)row * classes;
            losses[row] = Pair(one, one + classes, powers.Pointer, bias, classes, first + row);
        }
    }

    private double Single(float* logits, float* bias, int classes, int row)
    {
        if (IsIgnored(row, logits, classes))
            return 0;
        Row computed = Normalize(logits, bias, logits, classes, row);
        Vector512<float> factor = Vector512.Create(1 / (computed.Normalizer * Counted)), less = Vector512.Create(computed.Others / Counted);
        for (int i = 0; i < classes; i += VectorMath.Width)
            VectorMath.Store(VectorMath.Load(logits + i, classes - i) * factor - less, logits + i, classes - i);
        SubtractNamed(logits, row);
        return computed.Loss;
    }

    private double Pair(float* one, float* other, float* powers, float* bias, int classes, int row)
    {
        if (IsIgnored(row, one, classes) & IsIgnored(row + 1, other, classes))
            return 0;
        Row first = Normalize(one, bias, powers, classes, row), second = Normalize(other, bias, powers + classes, classes, row + 1);
        Vector512<float> firstScale = Vector512.Create(1 / first.Normalizer), secondScale = Vector512.Create(1 / second.Normalizer);
        Vector512<float> firstLess = Vector512.Create(first.Others / Counted), secondLess = Vector512.Create(second.Others / Counted);
        Vector512<float> share = Vector512.Create(1f / Counted), weight = Vector512.Create((float)consistency), divergence = default;
        for (int i = 0; i < classes; i += VectorMath.Width)
        {
            int left = classes - i;
            Vector512<float> p = VectorMath.Load(powers + i, left) * firstScale, q = VectorMath.Load(powers + classes + i, left) * secondScale;
            // The normalizers of both, the same for all classes, are multiplied by differences that sum up to 0.
            Vector512<float> apart = p - q;
            divergence += apart * (VectorMath.Load(one + i, left) - VectorMath.Load(other + i, left));
            apart *= weight;
            VectorMath.Store((p + apart) * share - firstLess, one + i, left);
            VectorMath.Store((q - apart) * share - secondLess, other + i, left);
        }

        SubtractNamed(one, row);
        SubtractNamed(other, row + 1);
        return first.Loss + second.Loss + consistency * Vector512.Sum(divergence);
    }

    /// <summary>Adds the bias to a row, whose exponentials go to <paramref name="powers"/>.</summary>
    private Row Normalize(float* logits, float* bias, float* powers, int classes, int row)
    {
        Vector512<float> largest = Vector512.Create(float.NegativeInfinity), together = default;
        int full = classes / VectorMath.Width * VectorMath.Width;
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

        // The target of a class is the same for all, but for the label and the classes that the teacher names.
        int vector = Vector(row);
        long label = labels[vector];
        ArgumentOutOfRangeException.ThrowIfNegative(label);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, classes);
        double others = (1 - TeacherShare) * smoothing / classes, expected = Certain * logits[label];
        if (teacher is not null)
        {
            others += TeacherShare * teacher.Rest(vector) / classes;
            for (int i = 0; i < teacher.PerRow; i++)
                expected += TeacherShare * teacher.Probability(vector, i) * logits[teacher.Class(vector, i)];
        }

        Vector512<float> shift = Vector512.Create(most), total = default;
        for (int i = 0; i < classes; i += VectorMath.Width)
        {
            int left = classes - i;
            Vector512<float> power = VectorFunctions.Exp(VectorMath.Load(logits + i, left) - shift);
            VectorMath.Store(power, powers + i, left);
            if (left >= VectorMath.Width)
                total += power;
        }

        float normalizer = Vector512.Sum(total) + TensorPrimitives.Sum<float>(new Span<float>(powers + full, classes - full));
        return new Row(most + Math.Log(normalizer) - expected - others * sum, normalizer, (float)others);
    }

    private void SubtractNamed(float* gradients, int row)
    {
        int vector = Vector(row);
        gradients[labels[vector]] -= (float)(Certain / Counted);
        for (int i = 0; i < (teacher?.PerRow ?? 0); i++)
            gradients[teacher!.Class(vector, i)] -= (float)(TeacherShare * teacher.Probability(vector, i) / Counted);
    }

    private double TeacherShare => teacher?.Share ?? 0;

    /// <summary>The target of a label itself.</summary>
    private double Certain => (1 - TeacherShare) * (1 - smoothing);

    private int Vector(int row) => Views == 1 ? row : row % 2 * (Rows / 2) + row / 2;

    private bool IsIgnored(int row, float* logits, int classes)
    {
        bool none = labels[Vector(row)] == ignored;
        if (none)
            new Span<float>(logits, classes).Clear();
        return none;
    }

    private readonly record struct Row(double Loss, float Normalizer, float Others);
}
