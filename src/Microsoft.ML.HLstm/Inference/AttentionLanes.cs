using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Attention of eight hypotheses at once, one a lane: each number of the memory is read once for all that attend to its
/// source. Where hypotheses of several sources meet in eight lanes, each source's weights are zero in the others' lanes.
/// </summary>
internal static class AttentionLanes
{
    private const int Width = PackedMatrix.LaneMultiple;

    /// <summary>Rows that are multiplied at once; their sums hide each other's latency.</summary>
    private const int AtOnce = 8;

    /// <summary>Computes contexts and attended positions as <see cref="AttentionScorer.Attend"/> says.</summary>
    /// <param name="memory">With its keys.</param>
    /// <param name="sources">[count].</param>
    /// <param name="states">[H, lanes].</param>
    /// <param name="lanes">A multiple of 8.</param>
    /// <param name="weights">[positions, 8] working memory.</param>
    /// <param name="context">[C, lanes].</param>
    /// <param name="attended">[count].</param>
    public static void Attend(
        AttentionMemory memory, ReadOnlySpan<int> sources, ReadOnlySpan<float> states, int lanes, Span<float> weights,
        Span<float> context, Span<int> attended)
    {
        context.Clear();
        for (int first = 0; first < sources.Length;)
        {
            int source = sources[first];
            int next = first + 1;
            int end = Math.Min(sources.Length, (first / Width * Width) + Width);
            while (next < end && sources[next] == source)
                next++;
            int lane = first / Width * Width;
            Span<float> own = weights[..(memory.Positions(source) * Width)];
            Weigh(memory, source, states[lane..], lanes, first - lane, next - lane, own, attended[first..next]);
            Mix(memory, source, own, context[lane..], lanes);
            first = next;
        }
    }

    private static void Weigh(
        AttentionMemory memory, int source, ReadOnlySpan<float> states, int lanes, int from, int to, Span<float> weights, Span<int> attended)
    {
        int positions = weights.Length / Width;
        int size = (states.Length + lanes - 1) / lanes;
        ref float result = ref MemoryMarshal.GetReference(weights);
        ref float state = ref MemoryMarshal.GetReference(states);
        ref float keys = ref memory.Keys[memory.Start(source) * size];
        for (int position = 0; position < positions; position += AtOnce)
        {
            // Rows past the last are the last again: whole groups of sums are faster than single ones.
            Scores(ref keys, position, positions - 1, size, ref state, lanes, ref result);
        }

        Vector256<float> largest = Vector256.Create(float.NegativeInfinity), sum = default;
        for (int position = 0; position < positions; position++)
            largest = Vector256.Max(largest, Vector256.LoadUnsafe(ref result, (nuint)(position * Width)));
        Vector512<float> shift = Vector512.Create(largest, largest);
        for (int at = 0; at < weights.Length; at += VectorFunctions.Width)
            VectorFunctions.Store(VectorFunctions.Exp(VectorFunctions.Load(ref result, at, weights.Length) - shift), ref result, at, weights.Length);
        for (int position = 0; position < positions; position++)
            sum += Vector256.LoadUnsafe(ref result, (nuint)(position * Width));

        Vector256<int> lane = Vector256<int>.Indices;
        Vector256<int> mask = Vector256.GreaterThanOrEqual(lane, Vector256.Create(from)) & Vector256.LessThan(lane, Vector256.Create(to));
        Vector256<float> best = Vector256.Create(-1f);
        Vector256<int> bestPosition = Vector256.Create(-1);
        for (int position = 0; position < positions; position++)
        {
            Vector256<float> weight = Vector256.LoadUnsafe(ref result, (nuint)(position * Width)) / sum;
            if (position < positions - 1)
            {
                Vector256<float> better = Vector256.GreaterThan(weight, best);
                best = Vector256.ConditionalSelect(better, weight, best);
                bestPosition = Vector256.ConditionalSelect(better.AsInt32(), Vector256.Create(position), bestPosition);
            }

            (weight.AsInt32() & mask).AsSingle().StoreUnsafe(ref result, (nuint)(position * Width));
        }

        for (int hypothesis = 0; hypothesis < attended.Length; hypothesis++)
            attended[hypothesis] = bestPosition[from + hypothesis];
    }

    private static void Scores(ref float keys, int position, int last, int size, ref float state, int lanes, ref float result)
    {
        ref float k0 = ref Unsafe.Add(ref keys, position * size);
        ref float k1 = ref Unsafe.Add(ref keys, Math.Min(position + 1, last) * size);
        ref float k2 = ref Unsafe.Add(ref keys, Math.Min(position + 2, last) * size);
        ref float k3 = ref Unsafe.Add(ref keys, Math.Min(position + 3, last) * size);
        ref float k4 = ref Unsafe.Add(ref keys, Math.Min(position + 4, last) * size);
        ref float k5 = ref Unsafe.Add(ref keys, Math.Min(position + 5, last) * size);
        ref float k6 = ref Unsafe.Add(ref keys, Math.Min(position + 6, last) * size);
        ref float k7 = ref Unsafe.Add(ref keys, Math.Min(position + 7, last) * size);
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (int i = 0; i < size; i++)
        {
            Vector256<float> h = Vector256.LoadUnsafe(ref state, (nuint)(i * lanes));
            s0 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k0, i)), h, s0);
            s1 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k1, i)), h, s1);
            s2 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k2, i)), h, s2);
            s3 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k3, i)), h, s3);
            s4 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k4, i)), h, s4);
            s5 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k5, i)), h, s5);
            s6 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k6, i)), h, s6);
            s7 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref k7, i)), h, s7);
        }

        ReadOnlySpan<Vector256<float>> sums = [s0, s1, s2, s3, s4, s5, s6, s7];
        for (int i = 0; i < sums.Length && position + i <= last; i++)
            sums[i].StoreUnsafe(ref result, (nuint)((position + i) * Width));
    }

    /// <summary>context += weights · memory, four numbers of the memory at a time.</summary>
    private static void Mix(AttentionMemory memory, int source, ReadOnlySpan<float> weights, Span<float> context, int lanes)
    {
        int positions = weights.Length / Width;
        int size = (context.Length + lanes - 1) / lanes;
        ref float weight = ref MemoryMarshal.GetReference(weights);
        ref float to = ref MemoryMarshal.GetReference(context);
        ref float values = ref MemoryMarshal.GetReference(memory.Values[(memory.Start(source) * size)..]);
        int c = 0;
        for (; c + 4 <= size; c += 4)
        {
            ref float row = ref Unsafe.Add(ref values, c);
            Vector256<float> s0 = Vector256.LoadUnsafe(ref to, (nuint)(c * lanes)), s1 = Vector256.LoadUnsafe(ref to, (nuint)((c + 1) * lanes));
            Vector256<float> s2 = Vector256.LoadUnsafe(ref to, (nuint)((c + 2) * lanes)), s3 = Vector256.LoadUnsafe(ref to, (nuint)((c + 3) * lanes));
            for (int position = 0; position < positions; position++, row = ref Unsafe.Add(ref row, size))
            {
                Vector256<float> w = Vector256.LoadUnsafe(ref weight, (nuint)(position * Width));
                s0 = Vector256.MultiplyAddEstimate(Vector256.Create(row), w, s0);
                s1 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref row, 1)), w, s1);
                s2 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref row, 2)), w, s2);
                s3 = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref row, 3)), w, s3);
            }

            s0.StoreUnsafe(ref to, (nuint)(c * lanes));
            s1.StoreUnsafe(ref to, (nuint)((c + 1) * lanes));
            s2.StoreUnsafe(ref to, (nuint)((c + 2) * lanes));
            s3.StoreUnsafe(ref to, (nuint)((c + 3) * lanes));
        }

        for (; c < size; c++)
        {
            Vector256<float> s = Vector256.LoadUnsafe(ref to, (nuint)(c * lanes));
            for (int position = 0; position < positions; position++)
                s = Vector256.MultiplyAddEstimate(Vector256.Create(Unsafe.Add(ref values, (position * size) + c)), Vector256.LoadUnsafe(ref weight, (nuint)(position * Width)), s);
            s.StoreUnsafe(ref to, (nuint)(c * lanes));
        }
    }
}
