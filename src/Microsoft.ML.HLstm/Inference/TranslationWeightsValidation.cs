namespace Microsoft.ML.HLstm.Inference;

/// <summary>The shapes of a translation network, checked against each other.</summary>
internal static class TranslationWeightsValidation
{
    /// <summary>Checks every cell and everything between the cells.</summary>
    /// <exception cref="InvalidDataException">Something does not fit; the message names the matrix.</exception>
    public static void Validate(this TranslationWeights weights)
    {
        if (weights.EncoderForward.Length == 0 || weights.Decoder.Length == 0)
            throw new InvalidDataException($"There are {weights.EncoderForward.Length} encoder and {weights.Decoder.Length} decoder layers; at least 1 of each is needed.");
        if (weights.Bidirectional)
            ShapeCheck.Count(weights.EncoderBackward.Length, weights.EncoderForward.Length, "backward encoder layers");
        foreach (CellWeights cell in weights.Cells)
            cell.Validate();
        ShapeCheck.Vocabulary(weights.SourceEmbedding);
        ShapeCheck.Vocabulary(weights.TargetEmbedding);
        Encoder(weights);
        Decoder(weights);
        Output(weights);
    }

    private static void Encoder(TranslationWeights weights)
    {
        int width = weights.SourceEmbedding.Columns;
        for (int layer = 0; layer < weights.EncoderForward.Length; layer++)
        {
            ShapeCheck.InputSize(weights.EncoderForward[layer], width);
            if (weights.Bidirectional)
                ShapeCheck.InputSize(weights.EncoderBackward[layer], width);
            width = weights.EncoderOutputSize(layer);
        }
    }

    private static void Decoder(TranslationWeights weights)
    {
        ShapeCheck.Count(weights.BridgeHidden.Length, weights.Decoder.Length, "bridges of hidden states");
        ShapeCheck.Count(weights.BridgeCell.Length, weights.Decoder.Length, "bridges of cell states");
        int width = weights.TargetEmbedding.Columns + (weights.InputFeeding ? weights.AttentionSize : 0);
        for (int layer = 0; layer < weights.Decoder.Length; layer++)
        {
            CellWeights cell = weights.Decoder[layer];
            ShapeCheck.InputSize(cell, width);
            width = cell.StateSize;
            int final = weights.EncoderOutputSize(weights.BridgeSource(layer));
            ShapeCheck.Layer(weights.BridgeHidden[layer], width, final, "bridge of the hidden state");
            ShapeCheck.Layer(weights.BridgeCell[layer], width, final, "bridge of the cell state");
        }
    }

    private static void Output(TranslationWeights weights)
    {
        int top = weights.Decoder[^1].StateSize;
        int memory = weights.MemorySize;
        int attention = weights.AttentionSize;
        ShapeCheck.Matrix(weights.AttentionScore, top, memory, "attention score");
        ShapeCheck.Layer(weights.AttentionCombine, attention, memory + top, "attention combine");
        ShapeCheck.Layer(weights.OutputProjection, weights.TargetEmbedding.Rows, attention, "output projection");
    }
}
