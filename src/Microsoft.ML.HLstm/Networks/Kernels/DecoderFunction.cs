using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks.Kernels;

/// <summary>All steps of a decoder with attention as one node of the autograd graph.</summary>
internal sealed unsafe class DecoderFunction : autograd.MultiTensorFunction<DecoderFunction>
{
    private const string RunKey = "run";

    public override string Name => nameof(DecoderFunction);

    /// <summary>
    /// Projected input (T, B, R), keys (B, S, H), values (B, S, A) and for each cell the initial state and cell (B, H) to
    /// attentional vectors (T, B, A).
    /// </summary>
    public static Tensor Run(IReadOnlyList<HLstmCell> cells, LuongAttention attention, Tensor projected, Tensor keys, Tensor values, Tensor[] states, Tensor[] memories, DecoderSettings settings)
    {
        bool tracked = is_grad_enabled();
        long[] shape = projected.shape;
        (keys, values) = (keys.contiguous(), values.contiguous());
        var run = new DecoderRun(cells, attention, keys, values, (int)shape[0], (int)shape[1], settings, tracked);
        var arguments = new List<object> { run, cells.Count, projected.contiguous(), keys, values };
        for (int layer = 0; layer < cells.Count; layer++)
            arguments.AddRange([states[layer].contiguous(), memories[layer].contiguous()]);
        arguments.AddRange(Weights(cells, attention, settings.FeedColumn));
        Tensor vectors = apply([.. arguments])[0];
        if (!tracked)
            run.Dispose();
        return vectors;
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var run = (DecoderRun)vars[0];
        ctx.save_data(RunKey, run);
        TensorMemory.ReadRows((Tensor)vars[2], run.Cell(0).First(0), run.Cell(0).Stride);
        for (int layer = 0; layer < (int)vars[1]; layer++)
        {
            TensorMemory.Read((Tensor)vars[5 + 2 * layer], run.Cell(layer).InitialState);
            TensorMemory.Read((Tensor)vars[6 + 2 * layer], run.Cell(layer).InitialCell);
        }

        return [run.Forward()];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var run = (DecoderRun)ctx.get_data(RunKey);
        using Tensor vectors = grad_outputs[0].contiguous();
        return [null!, null!, .. run.Backward(TensorMemory.Pointer(vectors))];
    }

    /// <summary>The weights that the loop reads: attention's, then each cell's with its input's before the others.</summary>
    private static IEnumerable<Tensor> Weights(IReadOnlyList<HLstmCell> cells, LuongAttention attention, int feedColumn)
    {
        long width = attention.Bias.shape[0], size = cells[0].StateSize;
        yield return attention.Combine.narrow(1, attention.Combine.shape[1] - size, size);
        yield return attention.Bias;
        for (int layer = 0; layer < cells.Count; layer++)
        {
            if (layer > 0)
            {
                yield return cells[layer].WeightInput;
                yield return cells[layer].Bias;
            }
            else if (feedColumn >= 0)
            {
                yield return cells[layer].WeightInput.narrow(1, feedColumn, width);
            }

            foreach (Tensor weight in cells[layer].StepParameters())
                yield return weight;
        }
    }
}
