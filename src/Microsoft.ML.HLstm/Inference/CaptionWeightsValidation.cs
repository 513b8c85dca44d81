namespace Microsoft.ML.HLstm.Inference;

/// <summary>The shapes of a captioning network, checked against each other.</summary>
internal static class CaptionWeightsValidation
{
    /// <summary>Checks every cell and everything between the cells.</summary>
    /// <exception cref="InvalidDataException">Something does not fit; the message names the matrix.</exception>
    public static void Validate(this CaptionWeights weights)
    {
        if (weights.Decoder.Length == 0)
            throw new InvalidDataException("There are 0 decoder layers; at least 1 is needed.");
        if (weights.FeatureSize == 0)
            throw new InvalidDataException($"Matrix '{weights.FeatureProjection.Weight.Name}' reads 0 features; at least 1 is needed.");
        if (weights.AttentionScore is null != weights.AttentionCombine is null)
            throw new InvalidDataException("The attention has one of its two matrices; both or none are needed.");
        ShapeCheck.Vocabulary(weights.Embedding);
        int embedding = weights.Embedding.Columns;
        ShapeCheck.Layer(weights.FeatureProjection, embedding, weights.FeatureSize, "feature projection");
        int width = embedding + (weights.AttentionCombine?.OutputSize ?? 0);
        foreach (CellWeights cell in weights.Decoder)
        {
            cell.Validate();
            ShapeCheck.InputSize(cell, width);
            width = cell.StateSize;
        }

        if (weights.HasAttention)
        {
            ShapeCheck.Matrix(weights.AttentionScore!, width, embedding, "attention score");
            width = Combine(weights.AttentionCombine!, embedding + width);
        }

        ShapeCheck.Layer(weights.OutputProjection, weights.Embedding.Rows, width, "output projection");
    }

    private static int Combine(DenseLayer combine, int width)
    {
        ShapeCheck.Layer(combine, combine.OutputSize, width, "attention combine");
        return combine.OutputSize;
    }
}
