using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>input · weightᵀ + bias as one node of the autograd graph.</summary>
internal sealed unsafe class LinearFunction : autograd.SingleTensorFunction<LinearFunction>
{
    public override string Name => nameof(LinearFunction);

    /// <summary>(..., K), (N, K) and (N) or none to (..., N).</summary>
    public static Tensor Run(Tensor input, Tensor weight, Tensor? bias) =>
        bias is null ? apply(input.contiguous(), weight.contiguous()) : apply(input.contiguous(), weight.contiguous(), bias);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        Tensor input = (Tensor)vars[0], weight = (Tensor)vars[1];
        Tensor? bias = vars.Length > 2 ? (Tensor)vars[2] : null;
        ctx.save_for_backward([input, weight]);
        ctx.save_data(nameof(bias), bias is not null);
        ctx.save_data(nameof(input), input.requires_grad);
        int columns = (int)weight.shape[1], outputs = (int)weight.shape[0], rows = (int)(input.numel() / columns), threads = get_num_threads();
        Tensor result = TensorMemory.Empty([.. input.shape[..^1], outputs]);
        float* values = TensorMemory.Pointer(result);
        if (bias is not null)
            VectorMath.Repeat(TensorMemory.Pointer(bias), outputs, values, outputs, rows, threads);
        using PackedOperand packed = PackedOperand.ByColumns(TensorMemory.Pointer(weight), columns, outputs, columns, threads);
        MatrixProduct.Multiply(TensorMemory.Pointer(input), columns, rows, packed, values, outputs, bias is not null, threads);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        List<Tensor> saved = ctx.get_saved_variables();
        using Tensor input = saved[0], weight = saved[1], gradient = grad_output.contiguous();
        int columns = (int)weight.shape[1], outputs = (int)weight.shape[0], rows = (int)(input.numel() / columns), threads = get_num_threads();
        float* values = TensorMemory.Pointer(gradient);
        Tensor? inputGradient = null;
        if (ctx.get_data(nameof(input)) is true)
        {
            inputGradient = TensorMemory.Empty(input.shape);
            using PackedOperand right = PackedOperand.ByRows(TensorMemory.Pointer(weight), outputs, columns, columns, threads);
            MatrixProduct.Multiply(values, outputs, rows, right, TensorMemory.Pointer(inputGradient), columns, false, threads);
        }

        Tensor weightGradient = TensorMemory.Empty(outputs, columns);
        using PackedOperand packed = PackedOperand.ByRows(TensorMemory.Pointer(input), rows, columns, columns, threads);
        MatrixProduct.MultiplyTransposed(values, outputs, outputs, packed, TensorMemory.Pointer(weightGradient), columns, false, threads);
        if (ctx.get_data("bias") is not true)
            return [inputGradient!, weightGradient];
        Tensor biasGradient = TensorMemory.Empty(outputs);
        VectorMath.SumRows(values, outputs, rows, outputs, TensorMemory.Pointer(biasGradient), threads);
        return [inputGradient!, weightGradient, biasGradient];
    }
}
