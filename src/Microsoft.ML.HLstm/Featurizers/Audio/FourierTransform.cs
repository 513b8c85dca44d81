namespace Microsoft.ML.HLstm.Featurizers.Audio;

/// <summary>
/// The discrete Fourier transform X[k] = Σ x[j] exp(-2πijk/n) of several signals at a time, of any length: Stockham's
/// self-sorting algorithm with one step for each factor of n.
/// </summary>
/// <remarks>
/// With the signals in the lanes of vectors, every step is the plain arithmetic of one signal. Factors 2 to 5 have steps of their
/// own; one with another prime p takes n·p multiplications.
/// </remarks>
internal sealed class FourierTransform
{
    private readonly int[] _factors;
    private readonly (float Real, float Imaginary)[] _roots;
    private readonly ComplexLanes[] _scratch;
    private ComplexLanes[] _values, _next;

    /// <summary>Prepares transforms of a length, which is at least 2.</summary>
    public FourierTransform(int length)
    {
        _factors = [.. Factors(length)];
        _roots = new (float, float)[length];
        for (int i = 0; i < length; i++)
        {
            (double sine, double cosine) = Math.SinCos(-2 * Math.PI * i / length);
            _roots[i] = ((float)cosine, (float)sine);
        }
        _scratch = new ComplexLanes[_factors.Max()];
        _values = new ComplexLanes[length];
        _next = new ComplexLanes[length];
    }

    /// <summary>The signals, to be filled before <see cref="Transform"/>, and their transforms after it.</summary>
    public Span<ComplexLanes> Values => _values;

    /// <summary>Replaces <see cref="Values"/> by their transforms.</summary>
    public void Transform()
    {
        int done = 1;
        foreach (int factor in _factors)
        {
            Step(factor, done);
            done *= factor;
            (_values, _next) = (_next, _values);
        }
    }

    /// <summary>
    /// Joins transforms of length <paramref name="done"/>, <paramref name="radix"/> at a time: transform t, of the elements t, t + s,
    /// t + 2s and so on, lies at t·done.
    /// </summary>
    private void Step(int radix, int done)
    {
        int groups = _values.Length / (done * radix), stride = groups * done;
        for (int k = 0; k < done; k++)
        {
            for (int group = 0; group < groups; group++)
            {
                int from = group * done + k, to = group * done * radix + k;
                switch (radix)
                {
                    case 2: Step2(from, stride, groups * k, to, done); break;
                    case 3: Step3(from, stride, groups * k, to, done); break;
                    case 4: Step4(from, stride, groups * k, to, done); break;
                    case 5: Step5(from, stride, groups * k, to, done); break;
                    default: StepAny(radix, from, stride, groups * k, to, done); break;
                }
            }
        }
    }

    private void Step2(int from, int stride, int root, int to, int done)
    {
        ComplexLanes a = _values[from], b = _values[from + stride] * _roots[root];
        _next[to] = a + b;
        _next[to + done] = a - b;
    }

    private void Step3(int from, int stride, int root, int to, int done)
    {
        const float half = -0.5f, sine = 0.8660254037844386f; // of 2π/3
        ComplexLanes a = _values[from], b = _values[from + stride] * _roots[root], c = _values[from + 2 * stride] * _roots[2 * root];
        ComplexLanes sum = b + c, turned = ((b - c) * sine).TimesMinusI, middle = a + sum * half;
        _next[to] = a + sum;
        _next[to + done] = middle + turned;
        _next[to + 2 * done] = middle - turned;
    }

    private void Step4(int from, int stride, int root, int to, int done)
    {
        ComplexLanes a = _values[from], b = _values[from + stride] * _roots[root];
        ComplexLanes c = _values[from + 2 * stride] * _roots[2 * root], d = _values[from + 3 * stride] * _roots[3 * root];
        ComplexLanes even = a + c, evenDifference = a - c, odd = b + d, oddDifference = (b - d).TimesMinusI;
        _next[to] = even + odd;
        _next[to + done] = evenDifference + oddDifference;
        _next[to + 2 * done] = even - odd;
        _next[to + 3 * done] = evenDifference - oddDifference;
    }

    private void Step5(int from, int stride, int root, int to, int done)
    {
        const float cosine1 = 0.30901699437494745f, cosine2 = -0.8090169943749475f; // of 2π/5 and 4π/5
        const float sine1 = 0.9510565162951535f, sine2 = 0.5877852522924731f;
        ComplexLanes a = _values[from], b = _values[from + stride] * _roots[root], c = _values[from + 2 * stride] * _roots[2 * root];
        ComplexLanes d = _values[from + 3 * stride] * _roots[3 * root], e = _values[from + 4 * stride] * _roots[4 * root];
        ComplexLanes outer = b + e, inner = c + d, outerDifference = b - e, innerDifference = c - d;
        ComplexLanes first = a + outer * cosine1 + inner * cosine2, second = a + outer * cosine2 + inner * cosine1;
        ComplexLanes firstTurned = (outerDifference * sine1 + innerDifference * sine2).TimesMinusI;
        ComplexLanes secondTurned = (outerDifference * sine2 - innerDifference * sine1).TimesMinusI;
        _next[to] = a + outer + inner;
        _next[to + done] = first + firstTurned;
        _next[to + 2 * done] = second + secondTurned;
        _next[to + 3 * done] = second - secondTurned;
        _next[to + 4 * done] = first - firstTurned;
    }

    private void StepAny(int radix, int from, int stride, int root, int to, int done)
    {
        for (int r = 0; r < radix; r++)
            _scratch[r] = _values[from + r * stride] * _roots[r * root];
        int turn = _roots.Length / radix;
        for (int q = 0; q < radix; q++)
        {
            ComplexLanes sum = _scratch[0];
            for (int r = 1, at = q; r < radix; r++, at = at + q < radix ? at + q : at + q - radix)
                sum += _scratch[r] * _roots[at * turn];
            _next[to + q * done] = sum;
        }
    }

    private static IEnumerable<int> Factors(int length)
    {
        for (; length % 4 == 0; length /= 4)
            yield return 4;
        for (int factor = 2; length > 1; factor++)
        {
            if (factor * factor > length)
                factor = length; // a prime is left
            for (; length % factor == 0; length /= factor)
                yield return factor;
        }
    }
}
