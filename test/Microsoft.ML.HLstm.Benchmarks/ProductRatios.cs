using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>
/// The routes that a float32 matrix product can take: libtorch (its MKL), oneDNN (which libtorch uses for convolutions, so
/// a convolution of one by one reaches it), and the project's vector code with the packing of both operands in its time.
/// </summary>
internal static unsafe class ProductRatios
{
    public static void Run(TextWriter output, int threads)
    {
        set_num_threads(threads);
        foreach ((int rows, int depth, int columns) in ((int, int, int)[])[(64, 512, 2048), (1280, 512, 2048), (1280, 512, 8800), (64, 256, 1024), (1280, 256, 1024), (1280, 256, 5000)])
        {
            using Tensor a = randn(rows, depth), w = randn(columns, depth), image = a.t().contiguous().view(1, depth, 1, rows), kernel = w.view(columns, depth, 1, 1);
            using Tensor c = empty(rows, columns);
            void Own()
            {
                using PackedOperand packed = PackedOperand.ByColumns(TensorMemory.Pointer(w), depth, columns, depth, threads);
                MatrixProduct.Multiply(TensorMemory.Pointer(a), depth, rows, packed, TensorMemory.Pointer(c), columns, false, threads);
            }

            double billions = 2e-9 * rows * depth * columns;
            new Contest($"({rows} x {depth}) times ({depth} x {columns}), {billions:F2} GFLOP, {threads} thread(s)", turns: 31)
                .Add("libtorch", () => nn.functional.linear(a, w).Dispose())
                .Add("oneDNN", () => nn.functional.conv2d(image, kernel).Dispose())
                .Add("own", Own)
                .Run(output);
        }
    }
}
