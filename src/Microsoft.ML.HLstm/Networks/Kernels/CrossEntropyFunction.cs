using System.Runtime.Intrinsics;
using Microsoft.ML.HLstm.Inference;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The mean cross entropy of a linear layer's logits as one node of the autograd graph. The logits of a batch can be larger
/// than everything else together, so they are never there all at once: some rows at a time they are computed, turned into
/// their gradients while they are in the cache, and multiplied on into the gradients of vectors and weights.
/// </summary>
internal sealed unsafe class CrossEntropyFunction : autograd.SingleTensorFunction<CrossEntropyFunction>
{
    private const int RowsAtOnce = 64;

    // A chunk of rows shares one pass over the weights' gradient; 256 rows are as deep as a product goes in one pass.
    private const int MostRows = 256, FewestRows = 16, MostLogits = 8 << 20, Scaled = 1 << 20;

    public override string Name => nameof(CrossEntropyFunction);

    /// <summary>
    /// Vectors (N, K), weight (V, K), bias (V) and a label for each vector to the mean over the vectors whose label is not
    /// <paramref name="ignored"/>; <paramref name="teacher"/> mixes what a teacher predicts into the labels.
    /// </summary>
    public static Tensor Run(Tensor vectors, Weight weight, Tensor bias, long[] labels, long ignored, double smoothing, SoftTargets? teacher) =>
        apply(vectors.contiguous(), weight, bias, new Targets(labels, ignored, smoothing, teacher), is_grad_enabled());

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor vectors = (Tensor)vars[0], bias = (Tensor)vars[2];
        var weight = (Weight)vars[1];
        var work = new Work((Targets)vars[3], (bool)vars[4], (int)weight.shape[1], (int)weight.shape[0]);
        ctx.save_data(nameof(Work), work);
        return tensor((float)work.Forward(TensorMemory.Pointer(vectors), weight, TensorMemory.Pointer(bias)));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var work = (Work)ctx.get_data(nameof(Work));
        return [.. work.Backward(grad_output.item<float>()), null!, null!];
    }

    private sealed record Targets(long[] Labels, long Ignored, double Smoothing, SoftTargets? Teacher);

    private sealed class Work(Targets targets, bool tracked, int columns, int classes) : IDisposable
    {
        private readonly int _threads = get_num_threads();
        private readonly int _rows = targets.Labels.Length;
        private readonly int _counted = targets.Labels.Count(label => label != targets.Ignored);
        private WeightOperand? _operand;
        private FloatBuffer? _vectorGradients;
        private FloatBuffer? _weightGradients;
        private FloatBuffer? _biasGradients;

        public double Forward(float* vectors, Weight weight, float* bias)
        {
            WeightOperand operand = _operand = WeightOperand.Of(weight, 0, tracked, _threads);
            int most = Math.Clamp(MostLogits / classes, FewestRows, MostRows), chunks = Math.Max(1, (_rows + most - 1) / most);
            int chunk = (_rows + chunks - 1) / chunks;
            using FloatBuffer logits = FloatBuffer.Rent((long)chunk * classes);
            if (tracked)
            {
                _vectorGradients = FloatBuffer.Rent((long)_rows * columns);
                _weightGradients = FloatBuffer.Rent(operand.GradientValues);
                _biasGradients = FloatBuffer.Rent(classes);
                new Span<float>(_biasGradients.Pointer, classes).Clear();
            }

            double[] losses = new double[_rows];
            for (int start = 0; start < _rows; start += chunk)
            {
                int count = Math.Min(chunk, _rows - start), blocks = (count + RowsAtOnce - 1) / RowsAtOnce, first = start;
                void Block(int block)
                {
                    int from = first + block * RowsAtOnce, rows = Math.Min(RowsAtOnce, first + count - from);
                    float* own = logits.Pointer + (nint)(from - first) * classes;
                    operand.Forward(vectors + (nint)from * columns, columns, rows, own, classes, false, 1);
                    for (int row = 0; row < rows; row++)
                        losses[from + row] = Loss(own + (nint)row * classes, bias, from + row);
                    if (tracked)
                        operand.Backward(own, classes, rows, _vectorGradients!.Pointer + (nint)from * columns, columns, false, 1);
                }

                if (_threads == 1)
                {
                    for (int block = 0; block < blocks; block++)
                        Block(block);
                }
                else
                {
                    Parallel.For(0, blocks, new ParallelOptions { MaxDegreeOfParallelism = _threads }, Block);
                }

                if (!tracked)
                    continue;
                operand.SumGradient(logits.Pointer, classes, vectors + (nint)first * columns, columns, count, _weightGradients!.Pointer, first > 0, _threads);
                VectorMath.AddRows(logits.Pointer, count, classes, _biasGradients!.Pointer, _threads);
            }

            if (!tracked)
                Dispose();
            return losses.Sum() / _counted;
        }

        /// <summary>Gradients of vectors, weight and bias; null for a weight whose active connections have added theirs to its own.</summary>
        public Tensor[] Backward(float scale)
        {
            // Scaled first, because sparse gradients are added to what the weight has.
            foreach ((FloatBuffer gradients, long count) in (ReadOnlySpan<(FloatBuffer, long)>)
                [(_vectorGradients!, (long)_rows * columns), (_weightGradients!, _operand!.GradientValues), (_biasGradients!, classes)])
            {
                for (long i = 0; i < count && scale != 1; i += Scaled)
                {
                    var values = new Span<float>(gradients.Pointer + i, (int)Math.Min(Scaled, count - i));
                    TensorPrimitives.Multiply(values, scale, values);
                }
            }

            return
            [
                TensorMemory.FromValues(_vectorGradients!.Pointer, _rows, columns),
                _operand.TakeGradient(_weightGradients!.Pointer)!,
                TensorMemory.FromValues(_biasGradients!.Pointer, classes),
            ];
        }

        public void Dispose()
        {
            _operand?.Dispose();
            _vectorGradients?.Dispose();
            _weightGradients?.Dispose();
            _biasGradients?.Dispose();
        }

        /// <summary>The loss of a row of logits without bias, which become their gradients.</summary>
        private double Loss(float* logits, float* bias, int row)
        {
            long label = targets.Labels[row];
            var values = new Span<float>(logits, classes);
            if (label == targets.Ignored)
            {
                values.Clear();
                return 0;
            }

            ArgumentOutOfRangeException.ThrowIfNegative(label);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label, classes);
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
            double share = targets.Teacher?.Share ?? 0, certain = (1 - share) * (1 - targets.Smoothing);
            double others = (1 - share) * targets.Smoothing / classes, expected = certain * logits[label];
            if (targets.Teacher is { } teacher)
            {
                others += share * teacher.Rest(row) / classes;
                for (int i = 0; i < teacher.PerRow; i++)
                    expected += share * teacher.Probability(row, i) * logits[teacher.Class(row, i)];
            }

            Vector512<float> shift = Vector512.Create(most), total = default;
            for (int i = 0; i < classes; i += VectorMath.Width)
            {
                int left = classes - i;
                Vector512<float> power = VectorFunctions.Exp(VectorMath.Load(logits + i, left) - shift);
                VectorMath.Store(power, logits + i, left);
                if (left >= VectorMath.Width)
                    total += power;
            }

            float normalizer = Vector512.Sum(total) + TensorPrimitives.Sum<float>(values[full..]);
            Vector512<float> factor = Vector512.Create(1 / (normalizer * _counted)), less = Vector512.Create((float)others / _counted);
            for (int i = 0; i < classes; i += VectorMath.Width)
                VectorMath.Store(VectorMath.Load(logits + i, classes - i) * factor - less, logits + i, classes - i);
            logits[label] -= (float)(certain / _counted);
            for (int i = 0; i < (targets.Teacher?.PerRow ?? 0); i++)
                logits[targets.Teacher!.Class(row, i)] -= (float)(share * targets.Teacher.Probability(row, i) / _counted);
            return most + Math.Log(normalizer) - expected - others * sum;
        }
    }
}
