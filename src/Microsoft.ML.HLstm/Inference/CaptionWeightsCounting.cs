namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// How large a captioning network is. Active counts weights that are not zero; biases are left out everywhere, and a tied
/// output projection counts once among parameters but does its arithmetic like any other.
/// </summary>
internal static class CaptionWeightsCounting
{
    extension(CaptionWeights weights)
    {
        /// <summary>Every matrix once: feature projection, embedding, cells, attention, output projection.</summary>
        public IEnumerable<WeightMatrix> Matrices =>
        [
            weights.FeatureProjection.Weight,
            weights.Embedding,
            .. weights.Decoder.SelectMany(cell => cell.Matrices),
            .. weights.AttentionMatrices,
            .. weights.TiedOutput ? Array.Empty<WeightMatrix>() : [weights.OutputProjection.Weight],
        ];

        /// <summary>Active connections of all cells.</summary>
        public long RecurrentParametersActive => Active(weights.Decoder.SelectMany(cell => cell.Matrices));

        /// <summary>Positions in the matrices of all cells, as they stand (after compaction, if there was one).</summary>
        public long RecurrentParametersDense => Dense(weights.Decoder.SelectMany(cell => cell.Matrices));

        /// <summary>Active connections of every matrix.</summary>
        public long ParametersActive => Active(weights.Matrices);

        /// <summary>Positions in every matrix, as they stand.</summary>
        public long ParametersDense => Dense(weights.Matrices);

        /// <summary>
        /// Weight-only floating-point operations of one decoding step: 2 for each active connection of the cells, of the
        /// attention's two matrices and of the output projection. The picture's features are projected once, not in a step.
        /// </summary>
        public long FlopsPerDecodingStep => 2 * Active(
        [
            .. weights.Decoder.SelectMany(cell => cell.Matrices),
            .. weights.AttentionMatrices,
            weights.OutputProjection.Weight,
        ]);

        private IEnumerable<WeightMatrix> AttentionMatrices => weights.HasAttention ? [weights.AttentionScore!, weights.AttentionCombine!.Weight] : [];
    }

    private static long Active(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.ActiveConnections);

    private static long Dense(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.Count);
}
