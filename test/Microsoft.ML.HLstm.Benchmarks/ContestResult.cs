namespace Microsoft.ML.HLstm.Benchmarks;

/// <summary>What a <see cref="Contest"/> measured.</summary>
/// <param name="Title">What the ways do.</param>
/// <param name="Baselines">The ways that all are compared with.</param>
/// <param name="Rows">One for each way.</param>
internal sealed record ContestResult(string Title, IReadOnlyList<string> Baselines, IReadOnlyList<ContestRow> Rows);
