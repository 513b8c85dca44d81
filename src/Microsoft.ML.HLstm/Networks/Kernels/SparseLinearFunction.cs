using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>input · weightᵀ + bias by the active connections as one node of the autograd graph.</summary>
internal sealed unsafe class SparseLinearFunction : autograd.SingleTensorFunction<SparseLinearFunction>
{
    public override string Name => nameof(SparseLinearFunction);

    /// <summary>(..., K), the weight with a pattern (N, K) and (N) or none to (..., N).</summary>
    public static Tensor Run(Tensor input, Weight weight, ConnectionPattern pattern, Tensor? bias)
    {
        var saved = new Saved(weight, pattern, bias is not null, input.requires_grad);
        return bias is null ? apply(input.contiguous(), saved, weight) : apply(input.contiguous(), saved, weight, bias);
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (input, saved) = ((Tensor)vars[0], (Saved)vars[1]);
        ctx.save_for_backward([input]);
        ctx.save_data(nameof(Saved), saved);
        int columns = saved.Pattern.ByRow.Columns, outputs = saved.Pattern.ByRow.Rows, rows = (int)(input.numel() / columns), threads = get_num_threads();
        Tensor result = TensorMemory.Empty([.. input.shape[..^1], outputs]);
        float* values = TensorMemory.Pointer(result);
        if (saved.HasBias)
            VectorMath.Repeat(TensorMemory.Pointer((Tensor)vars[3]), outputs, values, outputs, rows, threads);
        using var operand = new SparseOperand(saved.Weight, saved.Pattern, backward: false, threads);
        operand.Forward(TensorMemory.Pointer(input), columns, rows, values, outputs, saved.HasBias, threads);
        return result;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = (Saved)ctx.get_data(nameof(Saved));
        using Tensor input = ctx.get_saved_variables()[0], gradient = grad_output.contiguous();
        int columns = saved.Pattern.ByRow.Columns, outputs = saved.Pattern.ByRow.Rows, rows = (int)(input.numel() / columns), threads = get_num_threads();
        float* values = TensorMemory.Pointer(gradient);
        using var operand = new SparseOperand(saved.Weight, saved.Pattern, saved.HasInputGradient, threads);
        operand.Gradient(values, outputs, TensorMemory.Pointer(input), columns, rows, null, threads);
        Tensor? inputGradient = null;
        if (saved.HasInputGradient)
        {
            inputGradient = TensorMemory.Empty(input.shape);
            operand.Backward(values, outputs, rows, TensorMemory.Pointer(inputGradient), columns, false, threads);
        }

        if (!saved.HasBias)
            return [inputGradient!, null!, null!];
        Tensor biasGradient = TensorMemory.Empty(outputs);
        VectorMath.SumRows(values, outputs, rows, outputs, TensorMemory.Pointer(biasGradient), threads);
        return [inputGradient!, null!, null!, biasGradient];
    }

    private sealed record Saved(Weight Weight, ConnectionPattern Pattern, bool HasBias, bool HasInputGradient);
}
