using Microsoft.ML.HLstm.GrowAndPrune;
using Microsoft.ML.HLstm.Inference;

namespace Microsoft.ML.HLstm.Training;

/// <summary>What scoring would multiply by: the masks of a network, as weights, matrix by matrix as they are packed.</summary>
internal sealed record PatternCandidate(SparsityPattern Pattern, WeightMatrix[] Matrices)
{
    /// <summary>The network as it is.</summary>
    public static PatternCandidate Now(SparsityPattern pattern, IEnumerable<TrainedParameter> parameters) =>
        new(pattern, [.. Multiplied(parameters).SelectMany(parameter => Blocks(parameter.Matrix!))]);

    /// <summary>The network pruned all at once to the densities at which pruning ends.</summary>
    public static PatternCandidate AtTarget(SparsityPattern pattern, IEnumerable<TrainedParameter> parameters, GrowAndPruneSchedule schedule) =>
        new(pattern, [.. Multiplied(parameters).SelectMany(parameter =>
        {
            MaskedMatrix pruned = parameter.Matrix!.Copy();
            pruned.Take(pattern);
            Pruning.Magnitude(pruned, parameter.Values, ratio: 1, schedule.TargetOf(parameter.Group));
            return Blocks(pruned);
        })]);

    /// <summary>The network as it was when a snapshot was taken.</summary>
    public static PatternCandidate Then(SparsityPattern pattern, IReadOnlyList<TrainedParameter> parameters, ModelSnapshot snapshot) =>
        new(pattern, [.. Enumerable.Range(0, parameters.Count).Where(i => parameters[i].IsMultiplied)
            .SelectMany(i => Blocks(parameters[i].Matrix!, Array.ConvertAll(snapshot.Mask(i)!, active => active ? 1f : 0f)))]);

    private static IEnumerable<TrainedParameter> Multiplied(IEnumerable<TrainedParameter> parameters) => parameters.Where(parameter => parameter.IsMultiplied);

    private static IEnumerable<WeightMatrix> Blocks(MaskedMatrix matrix) => Blocks(matrix, matrix.Mask);

    private static IEnumerable<WeightMatrix> Blocks(MaskedMatrix matrix, float[] all) => all.Chunk(matrix.Rows * matrix.Columns)
        .Select((mask, block) => new WeightMatrix($"{matrix.Name}.{block}", matrix.Rows, matrix.Columns, mask));
}
