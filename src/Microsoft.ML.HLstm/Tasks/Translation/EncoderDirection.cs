using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>
/// Working memory of one direction of an encoder: both may run at the same time. Sentences lie side by side, each from its own
/// first or last token, so that none begins with padding.
/// </summary>
internal sealed class EncoderDirection(HLstmCellScorer[] cells, bool backward)
{
    private readonly CellScratch _scratch = new(cells);
    private float[] _x = [], _h = [], _c = [];

    /// <summary>Runs one layer over all sentences.</summary>
    /// <param name="layer">Its index.</param>
    /// <param name="starts">[sentences + 1]: the first position of each sentence.</param>
    /// <param name="inputs">[all positions, I].</param>
    /// <param name="outputs">[all positions, width of the layer]; the direction's part is written.</param>
    /// <param name="finalHidden">[sentences, width of the layer]; the direction's part is written.</param>
    /// <param name="finalCell">[sentences, width of the layer]; the direction's part is written.</param>
    /// <param name="offset">Where the direction's part begins.</param>
    /// <param name="width">Width of the layer.</param>
    public void Run(int layer, ReadOnlySpan<int> starts, float[] inputs, float[] outputs, float[] finalHidden, float[] finalCell, int offset, int width)
    {
        HLstmCellScorer cell = cells[layer];
        for (int first = 0; first < starts.Length - 1; first += Lanes.Most)
        {
            int count = Math.Min(Lanes.Most, starts.Length - 1 - first);
            int lanes = Lanes.For(count);
            Lanes.Reserve(ref _x!, cell.InputSize * lanes);
            Lanes.Reserve(ref _h!, cell.StateSize * lanes);
            Lanes.Reserve(ref _c!, cell.StateSize * lanes);
            Span<float> h = _h.AsSpan(0, cell.StateSize * lanes), c = _c.AsSpan(0, cell.StateSize * lanes);
            h.Clear();
            c.Clear();
            int steps = 0;
            for (int lane = 0; lane < count; lane++)
                steps = Math.Max(steps, starts[first + lane + 1] - starts[first + lane]);
            for (int step = 0; step < steps; step++)
            {
                // A sentence that has ended goes on with its last input; what comes of it is not read.
                for (int lane = 0; lane < count; lane++)
                {
                    if (Position(starts, first + lane, step) is var position && position >= 0)
                        Lanes.Put(inputs.AsSpan(position * cell.InputSize, cell.InputSize), _x, lanes, lane);
                }

                cell.Step(_x.AsSpan(0, cell.InputSize * lanes), h, c, lanes, _scratch);
                for (int lane = 0; lane < count; lane++)
                {
                    int sentence = first + lane;
                    int position = Position(starts, sentence, step);
                    if (position < 0)
                        continue;
                    Span<float> output = outputs.AsSpan((position * width) + offset, cell.StateSize);
                    Lanes.Take(h, lanes, lane, output);
                    if (step != starts[sentence + 1] - starts[sentence] - 1)
                        continue;
                    output.CopyTo(finalHidden.AsSpan((sentence * width) + offset));
                    Lanes.Take(c, lanes, lane, finalCell.AsSpan((sentence * width) + offset, cell.StateSize));
                }
            }
        }
    }

    private int Position(ReadOnlySpan<int> starts, int sentence, int step)
    {
        int length = starts[sentence + 1] - starts[sentence];
        return step >= length ? -1 : starts[sentence] + (backward ? length - 1 - step : step);
    }
}
