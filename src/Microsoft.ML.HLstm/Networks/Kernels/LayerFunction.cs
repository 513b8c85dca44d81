using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A cell over a whole sequence as one node of the autograd graph.</summary>
internal sealed class LayerFunction : autograd.MultiTensorFunction<LayerFunction>
{
    private const string RunKey = "run";

    public override string Name => nameof(LayerFunction);

    /// <summary>
    /// Input (T, B, I), state and cell (B, H) to outputs (T, B, H) and final state and cell (B, H).
    /// </summary>
    public static (Tensor Outputs, Tensor State, Tensor Cell) Run(HLstmCell cell, Tensor input, Tensor state, Tensor memory, IReadOnlyList<int>? lengths, bool reverse, Tensor? dropout)
    {
        bool tracked = is_grad_enabled();
        var run = new LayerRun(cell, input, lengths, reverse, dropout, tracked);
        List<Tensor> results = apply([run, input.contiguous(), cell.WeightInput, cell.Bias, state.contiguous(), memory.contiguous(), .. cell.StepParameters()]);
        if (!tracked)
            run.Dispose();
        return (results[0], results[1], results[2]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var run = (LayerRun)vars[0];
        var input = (Tensor)vars[1];
        ctx.save_data(RunKey, run);
        ctx.save_for_backward([input]);
        return run.Forward(input, (Tensor)vars[4], (Tensor)vars[5]);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var run = (LayerRun)ctx.get_data(RunKey);
        using Tensor input = ctx.get_saved_variables()[0];
        return [null!, .. run.Backward(input, grad_outputs)];
    }
}
