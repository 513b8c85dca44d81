using System.Numerics;
using System.Numerics.Tensors;

namespace Microsoft.ML.HLstm.Training;

/// <summary>
/// Adam (D. P. Kingma, J. Ba, arXiv 1412.6980) with masks and a moving average of the weights, in one pass over memory.
/// TorchSharp's Adam composes about ten operations a parameter, and knows no masks: a moment that survives in a dormant
/// connection would make the weight jump when it grows again.
/// </summary>
internal sealed class MaskedAdam(IReadOnlyList<TrainedParameter> parameters, double averaging)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private long _steps;
    private long _averaged;

    /// <summary>The norm of all gradients together; not finite when any gradient is not.</summary>
    public double GradientNorm()
    {
        double sum = 0;
        foreach (TrainedParameter parameter in parameters)
        {
            // Dormant connections are not trained, so their gradients do not count.
            float[]? mask = parameter.Matrix?.Mask;
            parameter.WithGradient(gradient =>
            {
                if (mask is not null)
                    TensorPrimitives.Multiply(gradient, mask, gradient);
                sum += TensorPrimitives.SumOfSquares<float>(gradient);
            });
        }

        return Math.Sqrt(sum);
    }

    /// <summary>True when every gradient is finite, those of dormant connections too.</summary>
    public bool AreGradientsFinite()
    {
        bool finite = true;
        foreach (TrainedParameter parameter in parameters)
            parameter.WithGradient(gradient => finite &= float.IsFinite(TensorPrimitives.Sum<float>(gradient)));
        return finite;
    }

    /// <summary>Sets all gradients to zero.</summary>
    public void ZeroGradients()
    {
        foreach (TrainedParameter parameter in parameters)
            parameter.WithGradient(static gradient => gradient.Clear());
    }

    /// <summary>Forgets the moments, for a new phase of training from other weights.</summary>
    public void Restart()
    {
        _steps = _averaged = 0;
        foreach (TrainedParameter parameter in parameters)
        {
            Array.Clear(parameter.FirstMoment);
            Array.Clear(parameter.SecondMoment);
            parameter.Values.CopyTo(parameter.Average);
        }
    }

    /// <summary>One step with gradients scaled by <paramref name="gradientScale"/>; leaves them zero.</summary>
    public void Step(double learningRate, double gradientScale)
    {
        _steps++;
        _averaged++;
        double rate = learningRate * Math.Sqrt(1 - Math.Pow(Beta2, _steps)) / (1 - Math.Pow(Beta1, _steps));
        double epsilon = Epsilon * Math.Sqrt(1 - Math.Pow(Beta2, _steps));
        // A short memory at first, so that the average does not remember the random start.
        double decay = Math.Min(averaging, (1.0 + _averaged) / (10.0 + _averaged));
        float follow = (float)(1 - (averaging == 0 ? 0 : decay));
        foreach (TrainedParameter parameter in parameters)
        {
            // What has no gradient changes all the same: the running statistics of a normalisation.
            if (!parameter.WithGradient(gradient => Step(parameter, gradient, (float)(rate * parameter.LearningRateShare), (float)epsilon, (float)gradientScale, follow)))
                TensorPrimitives.Lerp(parameter.Average, parameter.Values, follow, parameter.Average);
        }
    }

    /// <summary>Writes how many steps there were; the moments are the parameters'.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(_steps);
        writer.Write(_averaged);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public void Read(BinaryReader reader) => (_steps, _averaged) = (reader.ReadInt64(), reader.ReadInt64());

    private static void Step(TrainedParameter parameter, Span<float> gradient, float rate, float epsilon, float scale, float follow)
    {
        Span<float> values = parameter.Values;
        float[] first = parameter.FirstMoment, second = parameter.SecondMoment, average = parameter.Average;
        float[]? mask = parameter.Matrix?.Mask;
        int i = 0, width = Vector<float>.Count;
        var (b1, b2, c1, c2) = (new Vector<float>((float)Beta1), new Vector<float>((float)Beta2), new Vector<float>((float)(1 - Beta1)), new Vector<float>((float)(1 - Beta2)));
        for (; i <= values.Length - width; i += width)
        {
            Vector<float> g = new Vector<float>(gradient[i..]) * scale;
            Vector<float> keep = mask is null ? Vector<float>.One : new Vector<float>(mask, i);
            Vector<float> m = (b1 * new Vector<float>(first, i) + c1 * g) * keep;
            Vector<float> v = (b2 * new Vector<float>(second, i) + c2 * g * g) * keep;
            Vector<float> w = (new Vector<float>(values[i..]) - rate * m / (Vector.SquareRoot(v) + new Vector<float>(epsilon))) * keep;
            var e = new Vector<float>(average, i);
            m.CopyTo(first, i);
            v.CopyTo(second, i);
            w.CopyTo(values[i..]);
            ((e + follow * (w - e)) * keep).CopyTo(average, i);
        }

        for (; i < values.Length; i++)
        {
            float g = gradient[i] * scale, keep = mask is null ? 1 : mask[i];
            first[i] = ((float)Beta1 * first[i] + (float)(1 - Beta1) * g) * keep;
            second[i] = ((float)Beta2 * second[i] + (float)(1 - Beta2) * g * g) * keep;
            values[i] = (values[i] - rate * first[i] / (MathF.Sqrt(second[i]) + epsilon)) * keep;
            average[i] = (average[i] + follow * (values[i] - average[i])) * keep;
        }

        gradient.Clear();
    }
}
