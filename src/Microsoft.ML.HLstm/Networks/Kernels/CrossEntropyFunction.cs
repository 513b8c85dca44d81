using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>
/// The mean cross entropy of a linear layer's logits as one node of the autograd graph. Logits are as large as all other
/// values of a batch together: some rows at a time they are computed, turned into their gradients while they are in the
/// cache, and multiplied on.
/// </summary>
internal sealed unsafe class CrossEntropyFunction : autograd.SingleTensorFunction<CrossEntropyFunction>
{
    private const int RowsAtOnce = 64;

    public override string Name => nameof(CrossEntropyFunction);

    /// <summary>
    /// Vectors (N, K), weight (V, K), bias (V) and a label for each vector to the mean over the vectors whose label is not
    /// <paramref name="ignored"/>; <paramref name="teacher"/> mixes what a teacher predicts into the labels.
    /// </summary>
    public static Tensor Run(Tensor vectors, Tensor weight, Tensor bias, long[] labels, long ignored, double smoothing, SoftTargets? teacher) =>
        apply(vectors.contiguous(), weight, bias, new Targets(labels, ignored, smoothing, teacher), is_grad_enabled());

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor vectors = (Tensor)vars[0], weight = (Tensor)vars[1], bias = (Tensor)vars[2];
        var work = new Work((Targets)vars[3], (bool)vars[4], (int)weight.shape[1], (int)weight.shape[0]);
        ctx.save_for_backward([vectors]);
        ctx.save_data(nameof(Work), work);
        return tensor((float)work.Forward(TensorMemory.Pointer(vectors), TensorMemory.Pointer(weight), TensorMemory.Pointer(bias)));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var work = (Work)ctx.get_data(nameof(Work));
        using Tensor vectors = ctx.get_saved_variables()[0];
        return [.. work.Backward(TensorMemory.Pointer(vectors), grad_output.item<float>()), null!, null!];
    }

    private sealed record Targets(long[] Labels, long Ignored, double Smoothing, SoftTargets? Teacher);

    private sealed class Work(Targets targets, bool tracked, int columns, int classes) : IDisposable
    {
        private readonly int _threads = get_num_threads();
        private readonly int _rows = targets.Labels.Length;
        private readonly int _counted = targets.Labels.Count(label => label != targets.Ignored);
        private FloatBuffer? _gradients;
        private FloatBuffer? _vectorGradients;

        public double Forward(float* vectors, float* weight, float* bias)
        {
            int blocks = (_rows + RowsAtOnce - 1) / RowsAtOnce;
            using PackedOperand right = PackedOperand.ByColumns(weight, columns, classes, columns);
            using PackedOperand? back = tracked ? PackedOperand.ByRows(weight, classes, columns, columns) : null;
            FloatBuffer gradients = _gradients = FloatBuffer.Rent((long)_rows * classes);
            FloatBuffer vectorGradients = _vectorGradients = FloatBuffer.Rent((long)_rows * columns);
            double[] losses = new double[_rows];
            void Block(int block)
            {
                int first = block * RowsAtOnce, rows = Math.Min(RowsAtOnce, _rows - first);
                float* logits = gradients.Pointer + (nint)first * classes;
                MatrixProduct.Multiply(vectors + (nint)first * columns, columns, rows, right, logits, classes, false, 1);
                for (int row = first; row < first + rows; row++)
                    losses[row] = Loss(gradients.Pointer + (nint)row * classes, bias, row);
                if (back is not null)
                    MatrixProduct.Multiply(logits, classes, rows, back, vectorGradients.Pointer + (nint)first * columns, columns, false, 1);
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
                Dispose();
            return losses.Sum() / _counted;
        }

        /// <summary>Gradients of vectors, weight and bias.</summary>
        public Tensor[] Backward(float* vectors, float scale)
        {
            Tensor result = TensorMemory.FromValues(_vectorGradients!.Pointer, _rows, columns);
            Tensor weight = TensorMemory.Empty(classes, columns), bias = TensorMemory.Empty(classes);
            using PackedOperand packed = PackedOperand.ByRows(vectors, _rows, columns, columns);
            MatrixProduct.MultiplyTransposed(_gradients!.Pointer, classes, classes, packed, TensorMemory.Pointer(weight), columns, false, _threads);
            VectorMath.SumRows(_gradients.Pointer, _rows, classes, TensorMemory.Pointer(bias));
            Tensor[] all = [result, weight, bias];
            if (scale != 1)
            {
                foreach (Tensor gradient in all)
                    gradient.mul_(scale);
            }

            return all;
        }

        public void Dispose()
        {
            _gradients?.Dispose();
            _vectorGradients?.Dispose();
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
                Vector512<float> power = VectorMath.Exp(VectorMath.Load(logits + i, left) - shift);
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
