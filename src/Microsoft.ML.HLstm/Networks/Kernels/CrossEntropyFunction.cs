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
    /// <paramref name="ignored"/>; <paramref name="teacher"/> mixes what a teacher predicts into the labels, and <paramref name="consistency"/>
    /// is what the divergence of the two halves of the vectors counts.
    /// </summary>
    public static Tensor Run(Tensor vectors, Weight weight, Tensor bias, long[] labels, long ignored, double smoothing, SoftTargets? teacher, double consistency)
    {
        // Two views of a row are computed one after the other.
        if (consistency > 0)
            vectors = vectors.view(2, -1, vectors.shape[1]).transpose(0, 1).flatten(0, 1);
        return apply(vectors.contiguous(), weight, bias, new CrossEntropyTargets(labels, ignored, smoothing, teacher, consistency), is_grad_enabled());
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor vectors = (Tensor)vars[0], bias = (Tensor)vars[2];
        var weight = (Weight)vars[1];
        var work = new Work((CrossEntropyTargets)vars[3], (bool)vars[4], (int)weight.shape[1], (int)weight.shape[0]);
        ctx.save_data(nameof(Work), work);
        return tensor((float)work.Forward(TensorMemory.Pointer(vectors), weight, TensorMemory.Pointer(bias)));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var work = (Work)ctx.get_data(nameof(Work));
        return [.. work.Backward(grad_output.item<float>()), null!, null!];
    }

    private sealed class Work(CrossEntropyTargets targets, bool tracked, int columns, int classes) : IDisposable
    {
        private readonly int _threads = get_num_threads();
        private readonly int _rows = targets.Rows;
        private WeightOperand? _operand;
        private FloatBuffer? _vectorGradients;
        private FloatBuffer? _weightGradients;
        private FloatBuffer? _biasGradients;

        public double Forward(float* vectors, Weight weight, float* bias)
        {
            WeightOperand operand = _operand = WeightOperand.Of(weight, 0, tracked, _threads);
            int most = Math.Clamp(MostLogits / classes, FewestRows, MostRows), chunks = Math.Max(1, (_rows + most - 1) / most);
            int chunk = (_rows + chunks - 1) / chunks;
            chunk += chunk % targets.Views;
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
                    targets.Losses(own, bias, classes, losses.AsSpan(from, rows), from);
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
                VectorMath.AddRows(logits.Pointer, classes, count, classes, _biasGradients!.Pointer, _threads);
            }

            if (!tracked)
                Dispose();
            return losses.Sum() / targets.Counted;
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
    }
}
