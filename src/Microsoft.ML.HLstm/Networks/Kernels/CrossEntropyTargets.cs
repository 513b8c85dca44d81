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
        LogitRows.Scale(logits, 1 / (computed.Normalizer * Counted), computed.Others / Counted, classes);
        SubtractNamed(logits, row);
        return computed.Loss;
    }

    private double Pair(float* one, float* other, float* powers, float* bias, int classes, int row)
    {
        if (IsIgnored(row, one, classes) & IsIgnored(row + 1, other, classes))
            return 0;
        Row first = Normalize(one, bias, powers, classes, row), second = Normalize(other, bias, powers + classes, classes, row + 1);
        float divergence = LogitRows.Pull(one, other, powers, classes, (1 / first.Normalizer, first.Others / Counted), (1 / second.Normalizer, second.Others / Counted), 1f / Counted, (float)consistency);
        SubtractNamed(one, row);
        SubtractNamed(other, row + 1);
        return first.Loss + second.Loss + consistency * divergence;
    }

    /// <summary>Adds the bias to a row, whose exponentials go to <paramref name="powers"/>.</summary>
    private Row Normalize(float* logits, float* bias, float* powers, int classes, int row)
    {
        (float most, float sum) = LogitRows.AddBias(logits, bias, classes);

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

        float normalizer = LogitRows.Powers(logits, powers, most, classes);
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
