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
    /// <paramref name="ignored"/>.
    /// </summary>
    public static Tensor Run(Tensor vectors, Weight weight, Tensor bias, long[] labels, long ignored, double smoothing) =>
        apply(vectors.contiguous(), weight, bias, labels, ignored, smoothing, is_grad_enabled());

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor vectors = (Tensor)vars[0], bias = (Tensor)vars[2];
        var weight = (Weight)vars[1];
        var work = new Work((long[])vars[3], (long)vars[4], (double)vars[5], (bool)vars[6], (int)weight.shape[1], (int)weight.shape[0]);
        ctx.save_for_backward([vectors]);
        ctx.save_data(nameof(Work), work);
        return tensor((float)work.Forward(TensorMemory.Pointer(vectors), weight, TensorMemory.Pointer(bias)));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var work = (Work)ctx.get_data(nameof(Work));
        using Tensor vectors = ctx.get_saved_variables()[0];
        return [.. work.Backward(TensorMemory.Pointer(vectors), grad_output.item<float>()), null!, null!, null!, null!];
    }

    private sealed class Work(long[] labels, long ignored, double smoothing, bool tracked, int columns, int classes) : IDisposable
    {
        private readonly int _threads = get_num_threads();
        private readonly int _counted = labels.Count(label => label != ignored);
        private WeightOperand? _operand;
        private FloatBuffer? _gradients;
        private FloatBuffer? _vectorGradients;

        public double Forward(float* vectors, Weight weight, float* bias)
        {
            int blocks = (labels.Length + RowsAtOnce - 1) / RowsAtOnce;
            WeightOperand operand = _operand = WeightOperand.Of(weight, 0, tracked);
            FloatBuffer gradients = _gradients = FloatBuffer.Rent((long)labels.Length * classes);
            FloatBuffer vectorGradients = _vectorGradients = FloatBuffer.Rent((long)labels.Length * columns);
            double[] losses = new double[labels.Length];
            void Block(int block)
            {
                int first = block * RowsAtOnce, rows = Math.Min(RowsAtOnce, labels.Length - first);
                float* logits = gradients.Pointer + (nint)first * classes;
                operand.Forward(vectors + (nint)first * columns, columns, rows, logits, classes, false, 1);
                for (int row = first; row < first + rows; row++)
                    losses[row] = Loss(gradients.Pointer + (nint)row * classes, bias, labels[row]);
                if (tracked)
                    operand.Backward(logits, classes, rows, vectorGradients.Pointer + (nint)first * columns, columns, false, 1);
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

        /// <summary>Gradients of vectors, weight and bias; null for a weight whose active connections have added theirs to its own.</summary>
        public Tensor[] Backward(float* vectors, float scale)
        {
            Tensor result = TensorMemory.FromValues(_vectorGradients!.Pointer, labels.Length, columns);
            Tensor? weight = _operand!.IsSparse ? null : TensorMemory.Empty(classes, columns);
            Tensor bias = TensorMemory.Empty(classes);
            // Scaled before, because sparse gradients are added to what the weight has.
            for (int row = 0; row < labels.Length && weight is null && scale != 1; row++)
            {
                var gradients = new Span<float>(_gradients!.Pointer + (nint)row * classes, classes);
                TensorPrimitives.Multiply(gradients, scale, gradients);
            }

            _operand.Gradient(_gradients!.Pointer, classes, vectors, columns, labels.Length, weight is null ? null : TensorMemory.Pointer(weight), _threads);
            VectorMath.SumRows(_gradients.Pointer, labels.Length, classes, TensorMemory.Pointer(bias));
            foreach (Tensor gradient in scale == 1 ? [] : weight is null ? (Tensor[])[result] : [result, weight, bias])
                gradient.mul_(scale);
            return [result, weight!, bias];
        }

        public void Dispose()
        {
            _operand?.Dispose();
            _gradients?.Dispose();
            _vectorGradients?.Dispose();
        }

        /// <summary>The loss of a row of logits without bias, which become their gradients.</summary>
        private double Loss(float* logits, float* bias, long label)
        {
            var values = new Span<float>(logits, classes);
            if (label == ignored)
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

            float own = logits[label];
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
            float others = (float)(smoothing / classes);
            Vector512<float> factor = Vector512.Create(1 / (normalizer * _counted)), less = Vector512.Create(others / _counted);
            for (int i = 0; i < classes; i += VectorMath.Width)
                VectorMath.Store(VectorMath.Load(logits + i, classes - i) * factor - less, logits + i, classes - i);
            logits[label] -= (float)((1 - smoothing) / _counted);
            return most + Math.Log(normalizer) - (1 - smoothing) * own - others * sum;
        }
    }
}
