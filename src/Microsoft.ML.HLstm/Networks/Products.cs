using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>Matrix products by the fastest route through libtorch.</summary>
internal static class Products
{
    private const int Groups = 16;

    /// <summary>
    /// input · weightᵀ over the last dimension: (..., K) and (N, K) to (..., N).
    /// libtorch sends float32 products to MKL, which takes a slow path on processors that are not Intel's: 95 GFLOP/s on
    /// one AVX-512 core where a 1x1 convolution of at least 16 images, which goes to oneDNN, reached 215.
    /// </summary>
    public static Tensor Linear(Tensor input, Tensor weight)
    {
        long[] shape = input.shape;
        long columns = shape[^1], rows = input.numel() / columns, outputs = weight.shape[0];
        bool worthwhile = rows % Groups == 0 && rows >= 8 * Groups && input.dtype == ScalarType.Float32
            && input.device_type == DeviceType.CPU && input.is_contiguous();
        if (!worthwhile)
            return nn.functional.linear(input, weight);

        Tensor images = input.view(Groups, rows / Groups, 1, columns).permute(0, 3, 1, 2);
        Tensor result = nn.functional.conv2d(images, weight.contiguous().view(outputs, columns, 1, 1)).permute(0, 2, 3, 1);
        shape[^1] = outputs;
        return result.reshape(shape);
    }

    /// <summary>Rows of a matrix (N, E) for ids of any shape: an embedding.</summary>
    public static Tensor Rows(Tensor matrix, Tensor ids) =>
        matrix.index_select(0, ids.flatten()).view([.. ids.shape, matrix.shape[1]]);
}
