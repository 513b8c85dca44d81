using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>A cell over a whole sequence as one node of the autograd graph.</summary>
internal sealed unsafe class LayerFunction : autograd.MultiTensorFunction<LayerFunction>
{
    private const string RunKey = "run";

    public override string Name => nameof(LayerFunction);

    /// <summary>
    /// Projected input (T, B, R), state and cell (B, H) to outputs (T, B, H) and final state and cell (B, H).
    /// </summary>
    public static (Tensor Outputs, Tensor State, Tensor Cell) Run(HLstmCell cell, Tensor projected, Tensor state, Tensor memory, IReadOnlyList<int>? lengths, bool reverse, Tensor? dropout)
    {
        long[] shape = projected.shape;
        bool tracked = is_grad_enabled();
        var run = new CellRun(cell, (int)shape[0], (int)shape[1], lengths, reverse, dropout, tracked);
        List<Tensor> results = apply([run, (int)shape[0], reverse, projected.contiguous(), state.contiguous(), memory.contiguous(), .. cell.StepParameters()]);
        if (!tracked)
            run.Dispose();
        return (results[0], results[1], results[2]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var run = (CellRun)vars[0];
        int steps = (int)vars[1];
        bool reverse = (bool)vars[2];
        Tensor projected = (Tensor)vars[3], state = (Tensor)vars[4];
        ctx.save_data(RunKey, new Saved(run, projected.shape, state.shape, reverse, vars.Length));
        TensorMemory.Read(state, run.InitialState);
        TensorMemory.Read((Tensor)vars[5], run.InitialCell);
        int rows = run.Rows, size = (int)state.shape[1];
        nint batch = (nint)state.shape[0];
        Tensor outputs = TensorMemory.Empty(steps, batch, size);
        float* input = TensorMemory.Pointer(projected), output = TensorMemory.Pointer(outputs);
        run.Split((from, to) =>
        {
            for (int i = 0; i < steps; i++)
            {
                int t = reverse ? steps - 1 - i : i;
                nint first = t * batch + from;
                new Span<float>(input + first * rows, (to - from) * rows).CopyTo(new Span<float>(run.First(t) + (nint)from * rows, (to - from) * rows));
                run.Forward(t, from, to);
                new Span<float>(run.States + first * size, (to - from) * size).CopyTo(new Span<float>(output + first * size, (to - from) * size));
            }
        });
        return [outputs, TensorMemory.FromValues(run.FinalState, state.shape), TensorMemory.FromValues(run.FinalCell, state.shape)];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var saved = (Saved)ctx.get_data(RunKey);
        using CellRun run = saved.Run;
        using Tensor outputs = grad_outputs[0].contiguous();
        Tensor state = TensorMemory.Empty(saved.State), cell = TensorMemory.Empty(saved.State);
        Tensor first = TensorMemory.Empty(saved.Projected);
        float* stateGradient = TensorMemory.Pointer(state), cellGradient = TensorMemory.Pointer(cell);
        float* outputGradient = TensorMemory.Pointer(outputs), firstGradients = TensorMemory.Pointer(first);
        TensorMemory.Read(grad_outputs[1], stateGradient);
        TensorMemory.Read(grad_outputs[2], cellGradient);
        int steps = (int)saved.Projected[0], size = (int)saved.State[1];
        nint batch = (nint)saved.State[0];
        run.PrepareBackward();
        run.Split((from, to) =>
        {
            for (int i = steps - 1; i >= 0; i--)
            {
                int t = saved.Reverse ? steps - 1 - i : i;
                VectorMath.AddScaled(stateGradient + (nint)from * size, outputGradient + (t * batch + from) * size, 1, (to - from) * size);
                run.Backward(t, from, to, stateGradient, cellGradient, firstGradients);
            }
        });
        return [null!, null!, null!, first, state, cell, .. run.WeightGradients(firstGradients)];
    }

    private sealed record Saved(CellRun Run, long[] Projected, long[] State, bool Reverse, int Arguments);
}
