using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Tasks.Translation;

/// <summary>Reads one source sentence. Holds the result and its working memory, so each thread needs its own.</summary>
internal sealed class TranslationEncoder
{
    private readonly PackedTranslation _network;
    private readonly CellScratch _scratch;
    private readonly float[][] _finalHidden;
    private readonly float[][] _finalCell;
    private readonly int _widest;
    private float[] _inputs = [];
    private float[] _outputs = [];

    /// <summary>Makes an encoder on shared weights.</summary>
    public TranslationEncoder(PackedTranslation network)
    {
        _network = network;
        _scratch = new CellScratch([.. network.EncoderForward, .. network.EncoderBackward]);
        _finalHidden = [.. Enumerable.Range(0, Layers).Select(layer => new float[network.Weights.EncoderOutputSize(layer)])];
        _finalCell = [.. _finalHidden.Select(state => new float[state.Length])];
        _widest = Math.Max(network.Weights.SourceEmbedding.Columns, _finalHidden.Max(state => state.Length));
    }

    /// <summary>Positions of the source that was read last, its end token included.</summary>
    public int Positions { get; private set; }

    /// <summary>[<see cref="Positions"/>, C]: outputs of the last layer.</summary>
    public ReadOnlySpan<float> Memory => _outputs.AsSpan(0, Positions * _finalHidden[^1].Length);

    private int Layers => _network.EncoderForward.Length;

    /// <summary>[forward; backward] hidden state of <paramref name="layer"/> after all tokens.</summary>
    public ReadOnlySpan<float> FinalHidden(int layer) => _finalHidden[layer];

    /// <summary>[forward; backward] cell state of <paramref name="layer"/> after all tokens.</summary>
    public ReadOnlySpan<float> FinalCell(int layer) => _finalCell[layer];

    /// <summary>Reads a sentence and, after it, the end token.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the source vocabulary.</exception>
    public void Encode(ReadOnlySpan<int> source)
    {
        Positions = source.Length + 1;
        WeightMatrix embedding = _network.Weights.SourceEmbedding;
        int width = embedding.Columns;
        Reserve();
        for (int position = 0; position < Positions; position++)
        {
            int token = position < source.Length ? source[position] : SpecialTokens.End;
            if ((uint)token >= (uint)embedding.Rows)
                throw new ArgumentOutOfRangeException(nameof(source), token, $"Token {position} of the source is {token}; 0 to {embedding.Rows - 1} are in the vocabulary.");
            embedding.CopyRow(token, _outputs.AsSpan(position * width, width));
        }

        for (int layer = 0; layer < Layers; layer++)
        {
            (_inputs, _outputs) = (_outputs, _inputs);
            Direction(_network.EncoderForward[layer], layer, offset: 0, backward: false);
            if (_network.EncoderBackward.Length > 0)
                Direction(_network.EncoderBackward[layer], layer, _network.EncoderForward[layer].StateSize, backward: true);
        }
    }

    private void Reserve()
    {
        if (_inputs.Length >= Positions * _widest)
            return;
        _inputs = new float[Positions * _widest];
        _outputs = new float[Positions * _widest];
    }

    /// <summary>One direction of one layer; its states are <paramref name="offset"/> numbers into those of the layer.</summary>
    private void Direction(HLstmCellScorer cell, int layer, int offset, bool backward)
    {
        int outputSize = _finalHidden[layer].Length;
        Span<float> h = _finalHidden[layer].AsSpan(offset, cell.StateSize);
        Span<float> c = _finalCell[layer].AsSpan(offset, cell.StateSize);
        h.Clear();
        c.Clear();
        for (int step = 0; step < Positions; step++)
        {
            int position = backward ? Positions - 1 - step : step;
            cell.Step(_inputs.AsSpan(position * cell.InputSize, cell.InputSize), h, c, _scratch);
            h.CopyTo(_outputs.AsSpan((position * outputSize) + offset));
        }
    }
}
