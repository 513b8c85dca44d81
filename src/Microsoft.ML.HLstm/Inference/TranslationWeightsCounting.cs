namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// How large a translation network is. Active counts weights that are not zero; biases are left out everywhere, and a tied
/// output projection counts once among parameters but does its arithmetic like any other.
/// </summary>
internal static class TranslationWeightsCounting
{
    extension(TranslationWeights weights)
    {
        /// <summary>Every matrix once: embeddings, cells, bridges, attention, output projection.</summary>
        public IEnumerable<WeightMatrix> Matrices =>
        [
            weights.SourceEmbedding,
            weights.TargetEmbedding,
            .. weights.Cells.SelectMany(cell => cell.Matrices),
            .. weights.BridgeHidden.Select(layer => layer.Weight),
            .. weights.BridgeCell.Select(layer => layer.Weight),
            weights.AttentionScore,
            weights.AttentionCombine.Weight,
            .. weights.TiedOutput ? Array.Empty<WeightMatrix>() : [weights.OutputProjection.Weight],
        ];

        /// <summary>Active connections of all cells, encoder and decoder.</summary>
        public long RecurrentParametersActive => Active(weights.Cells.SelectMany(cell => cell.Matrices));

        /// <summary>Positions in the matrices of all cells, as they stand (after compaction, if there was one).</summary>
        public long RecurrentParametersDense => Dense(weights.Cells.SelectMany(cell => cell.Matrices));

        /// <summary>Active connections of every matrix, embeddings and output projection included.</summary>
        public long ParametersActive => Active(weights.Matrices);

        /// <summary>Positions in every matrix, as they stand.</summary>
        public long ParametersDense => Dense(weights.Matrices);

        /// <summary>
        /// Weight-only floating-point operations of one decoding step: 2 for each active connection of the decoder's cells,
        /// of the attention's two matrices and of the output projection.
        /// </summary>
        public long FlopsPerDecodingStep => 2 * Active(
        [
            .. weights.Decoder.SelectMany(cell => cell.Matrices),
            weights.AttentionScore,
            weights.AttentionCombine.Weight,
            weights.OutputProjection.Weight,
        ]);
    }

    private static long Active(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.ActiveConnections);

    private static long Dense(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.Count);
}
