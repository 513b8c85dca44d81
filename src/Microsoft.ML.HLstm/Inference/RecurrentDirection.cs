using Microsoft.ML.HLstm.Inference.Packing;

namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// Recurrent layers in one direction over sequences: one by one or side by side, whichever costs less. Side by side each
/// starts from its own first or last position, so that none begins with padding. Holds working memory: two directions may
/// run at the same time.
/// </summary>
internal sealed class RecurrentDirection(HLstmCellScorer[] cells, bool backward)
{
    private readonly CellScratch _scratch = new(cells);
    private readonly VectorBlocks _blocks = new();
    private AlignedArray<float> _h, _ahead;
    private float[]? _x, _c;

    /// <summary>Runs one layer.</summary>
    /// <param name="layer">Its index.</param>
    /// <param name="sequences">What it reads and writes.</param>
    /// <param name="offset">Where this direction's part of the outputs begins.</param>
    public void Run(int layer, in RecurrentSequences sequences, int offset)
    {
        HLstmCellScorer cell = cells[layer];
        for (int first = 0; first < sequences.Count; first += Lanes.Most)
        {
            int count = Math.Min(Lanes.Most, sequences.Count - first), longest = 0;
            for (int lane = 0; lane < count; lane++)
                longest = Math.Max(longest, sequences.Length(first + lane));
            int all = sequences.Starts[first + count] - sequences.Starts[first];
            if (count > 1 && longest * cell.Cost(Lanes.For(count)) < all * cell.CostInSequence)
            {
                SideBySide(cell, sequences, offset, first, count, longest);
                continue;
            }

            for (int sequence = first; sequence < first + count; sequence++)
                Alone(cell, sequences, offset, sequence);
        }
    }

    private void Alone(HLstmCellScorer cell, in RecurrentSequences sequences, int offset, int sequence)
    {
        Start(cell, 1, out Span<float> h, out Span<float> c);
        int length = sequences.Length(sequence), inputs = cell.InputSize, rows = cell.FirstLayerRows, stride = Transposition.Apart(rows);
        for (int done = 0; done < length; done += Lanes.Most)
        {
            int count = Math.Min(Lanes.Most, length - done);
            int block = sequences.Starts[sequence] + (backward ? length - done - count : done);
            ReadOnlySpan<float> x = sequences.Inputs.AsSpan(block * inputs, count * inputs);
            Span<float> ahead = cell.Ahead is null ? [] : Lanes.Reserve(ref _ahead, stride * Lanes.Most);
            if (cell.Ahead is not null)
                _blocks.Apply(cell.Ahead, x, ahead, stride, count);

            for (int step = 0; step < count; step++)
            {
                int at = backward ? count - 1 - step : step;
                if (cell.Ahead is null)
                    cell.Step(x.Slice(at * inputs, inputs), h, c, _scratch);
                else
                    cell.StepAhead(ahead.Slice(at * stride, rows), h, c, _scratch);
                h.CopyTo(sequences.Outputs.AsSpan(((block + at) * sequences.Width) + offset));
            }
        }

        if (length > 0)
            Finish(sequences, offset, sequence, h, c, 1, 0);
    }

    private void SideBySide(HLstmCellScorer cell, in RecurrentSequences sequences, int offset, int first, int count, int steps)
    {
        int lanes = Lanes.For(count);
        Start(cell, lanes, out Span<float> h, out Span<float> c);
        Lanes.Reserve(ref _x, cell.InputSize * lanes);
        for (int step = 0; step < steps; step++)
        {
            // A sequence that has ended goes on with its last input; what comes of it is not read.
            for (int lane = 0; lane < count; lane++)
            {
                if (sequences.Position(first + lane, step, backward) is var position && position >= 0)
                    Lanes.Put(sequences.Inputs.AsSpan(position * cell.InputSize, cell.InputSize), _x, lanes, lane);
            }

            cell.Step(_x.AsSpan(0, cell.InputSize * lanes), h, c, lanes, _scratch);
            for (int lane = 0; lane < count; lane++)
            {
                int position = sequences.Position(first + lane, step, backward);
                if (position < 0)
                    continue;
                Lanes.Take(h, lanes, lane, sequences.Outputs.AsSpan((position * sequences.Width) + offset, cell.StateSize));
                if (step == sequences.Length(first + lane) - 1)
                    Finish(sequences, offset, first + lane, h, c, lanes, lane);
            }
        }
    }

    private void Start(HLstmCellScorer cell, int lanes, out Span<float> h, out Span<float> c)
    {
        int size = cell.StateSize * lanes;
        Lanes.Reserve(ref _c, size);
        h = Lanes.Reserve(ref _h, size);
        c = _c.AsSpan(0, size);
        h.Clear();
        c.Clear();
    }

    private static void Finish(in RecurrentSequences sequences, int offset, int sequence, ReadOnlySpan<float> h, ReadOnlySpan<float> c, int lanes, int lane)
    {
        int start = (sequence * sequences.Width) + offset, size = h.Length / lanes;
        if (sequences.FinalHidden is not null)
            Lanes.Take(h, lanes, lane, sequences.FinalHidden.AsSpan(start, size));
        if (sequences.FinalCell is not null)
            Lanes.Take(c, lanes, lane, sequences.FinalCell.AsSpan(start, size));
    }
}
