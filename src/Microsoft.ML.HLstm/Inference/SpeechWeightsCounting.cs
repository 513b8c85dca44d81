namespace Microsoft.ML.HLstm.Inference;

/// <summary>
/// How large a speech recogniser is. Active counts weights that are not zero; biases and normalisations are left out everywhere.
/// </summary>
internal static class SpeechWeightsCounting
{
    extension(SpeechWeights weights)
    {
        /// <summary>Every matrix once: convolutions, cells, output.</summary>
        public IEnumerable<WeightMatrix> Matrices =>
        [
            .. weights.Convolutions.Select(layer => layer.Kernel),
            .. weights.Cells.SelectMany(cell => cell.Matrices),
            weights.Output.Weight,
        ];

        /// <summary>Active connections of all cells.</summary>
        public long RecurrentParametersActive => Active(weights.Cells.SelectMany(cell => cell.Matrices));

        /// <summary>Positions in the matrices of all cells, as they stand (after compaction, if there was one).</summary>
        public long RecurrentParametersDense => Dense(weights.Cells.SelectMany(cell => cell.Matrices));

        /// <summary>Active connections of every matrix, convolutions and output included.</summary>
        public long ParametersActive => Active(weights.Matrices);

        /// <summary>Positions in every matrix, as they stand.</summary>
        public long ParametersDense => Dense(weights.Matrices);

        /// <summary>
        /// Weight-only floating-point operations of one step of the recurrent layers: 2 for each active connection of the cells
        /// and of the output.
        /// </summary>
        public long FlopsPerStep => 2 * Active([.. weights.Cells.SelectMany(cell => cell.Matrices), weights.Output.Weight]);
    }

    private static long Active(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.ActiveConnections);

    private static long Dense(IEnumerable<WeightMatrix> matrices) => matrices.Sum(matrix => (long)matrix.Count);
}
