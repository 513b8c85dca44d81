using Microsoft.ML.HLstm.Networks.Kernels;
using static TorchSharp.torch;

namespace Microsoft.ML.HLstm.Networks;

/// <summary>A stack of cells with attention over all steps of a batch, in the managed kernels or composed of libtorch's operations.</summary>
internal sealed class AttentionDecoder(IReadOnlyList<HLstmCell> cells, LuongAttention attention)
{
    /// <summary>First column of the lowest cell's input matrix that reads the attentional vector of the step before; negative for none.</summary>
    public int FeedColumn { get; init; } = -1;

    /// <summary>Draws a dropout mask of a shape; null where nothing is dropped.</summary>
    public required Func<long[], Tensor?> DropMask { get; init; }

    /// <summary>Draws the dropout masks inside gates.</summary>
    public required Generator? Random { get; init; }

    /// <summary>
    /// Projected input of the lowest cell (T, B, R), memory (S, B, C) with its mask, and for each cell the initial state and cell
    /// (B, H), which are changed, to attentional vectors (T, B, A).
    /// </summary>
    public Tensor Run(Tensor projected, Tensor memory, SequenceMask memoryMask, Tensor[] states, Tensor[] memories)
    {
        (Tensor keys, Tensor values) = attention.Prepare(memory);
        long steps = projected.shape[0], batch = projected.shape[1];
        var settings = new DecoderSettings(
            memoryMask.Lengths,
            FeedColumn,
            [.. cells.Select(cell => cell.DropoutMask(batch, Random))],
            [.. cells.Select((cell, layer) => layer == 0 ? null : DropMask([steps, batch, cell.InputSize]))],
            DropMask([steps, batch, attention.Bias.shape[0]]));
        return HLstmCell.UseFused && TensorMemory.IsReadable(projected)
            ? DecoderFunction.Run(cells, attention, projected, keys, values, states, memories, settings)
            : Compose(projected.unbind(0), keys, values, memoryMask.AttentionBias(memory.dtype), states, memories, settings);
    }

    private Tensor Compose(Tensor[] projected, Tensor keys, Tensor values, Tensor bias, Tensor[] states, Tensor[] memories, DecoderSettings settings)
    {
        Tensor? feedWeight = settings.FeedColumn < 0 ? null
            : cells[0].WeightInput.narrow(1, settings.FeedColumn, attention.Bias.shape[0]).t();
        Tensor? feed = null;
        var vectors = new Tensor[projected.Length];
        for (int t = 0; t < vectors.Length; t++)
        {
            Tensor input = projected[t];
            if (feedWeight is not null && feed is not null)
                input = addmm(input, feed, feedWeight, 1, 1);
            for (int layer = 0; layer < cells.Count; layer++)
            {
                if (layer > 0)
                    input = cells[layer].ProjectInput(Masked(states[layer - 1], settings.LayerDropout[layer], t));
                (states[layer], memories[layer]) = cells[layer].Step(input, states[layer], memories[layer], settings.GateDropout[layer]);
            }

            vectors[t] = feed = Masked(attention.Attend(states[^1], keys, values, bias), settings.VectorDropout, t);
        }

        return stack(vectors, 0);
    }

    private static Tensor Masked(Tensor values, Tensor? mask, int t) => mask is null ? values : values * mask[t];
}
