using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>Access to the memory of tensors.</summary>
internal static unsafe class TensorMemory
{
    /// <summary>True for what the managed kernels can read: contiguous float32 in main memory.</summary>
    public static bool IsReadable(Tensor tensor) =>
        tensor.dtype == ScalarType.Float32 && tensor.device_type == DeviceType.CPU && tensor.is_contiguous();

    /// <summary>The first value of a contiguous float32 tensor in main memory, which must be kept alive.</summary>
    public static float* Pointer(Tensor tensor)
    {
        if (!IsReadable(tensor))
            throw new ArgumentException("A contiguous float32 tensor in main memory is needed.", nameof(tensor));
        return (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
    }

    /// <summary>A float32 tensor with undefined contents.</summary>
    public static Tensor Empty(params long[] shape) => empty(shape, ScalarType.Float32);

    /// <summary>A buffer with the values of a tensor.</summary>
    public static FloatBuffer Copy(Tensor tensor) => FloatBuffer.Copy(Pointer(tensor), tensor.numel());

    /// <summary>A tensor with the values at <paramref name="values"/>.</summary>
    public static Tensor FromValues(float* values, params long[] shape)
    {
        Tensor result = Empty(shape);
        long bytes = result.numel() * sizeof(float);
        Buffer.MemoryCopy(values, Pointer(result), bytes, bytes);
        return result;
    }

    /// <summary>Writes the values of a tensor, of any layout, to <paramref name="to"/>.</summary>
    public static void Read(Tensor tensor, float* to)
    {
        using Tensor contiguous = tensor.contiguous();
        long bytes = contiguous.numel() * sizeof(float);
        Buffer.MemoryCopy(Pointer(contiguous), to, bytes, bytes);
    }

    /// <summary>A tensor with rows, of the last dimension, that stand at <paramref name="values"/> a stride apart.</summary>
    public static Tensor FromRows(float* values, nint stride, params long[] shape)
    {
        Tensor result = Empty(shape);
        CopyRows(values, stride, Pointer(result), (nint)shape[^1], result.numel() / shape[^1], (int)shape[^1]);
        return result;
    }

    /// <summary>Writes the rows, of the last dimension, of a contiguous tensor to <paramref name="to"/>, a stride apart.</summary>
    public static void ReadRows(Tensor tensor, float* to, nint stride)
    {
        int width = (int)tensor.shape[^1];
        CopyRows(Pointer(tensor), width, to, stride, tensor.numel() / width, width);
    }

    private static void CopyRows(float* from, nint fromStride, float* to, nint toStride, long rows, int width)
    {
        for (long row = 0; row < rows; row++, from += fromStride, to += toStride)
            new Span<float>(from, width).CopyTo(new Span<float>(to, width));
    }
}
