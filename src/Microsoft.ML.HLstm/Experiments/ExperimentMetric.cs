namespace Microsoft.ML.HLstm.Experiments;

/// <summary>A metric that models of a task can be compared by.</summary>
/// <param name="Name">Its name, as <see cref="ExperimentSettings.OptimizingMetric"/> says it.</param>
/// <param name="LowerIsBetter">True for error rates.</param>
/// <param name="Evaluate">The metric of scored data, whose columns the options name.</param>
internal sealed record ExperimentMetric<TOptions>(string Name, bool LowerIsBetter, Func<IDataView, TOptions, double> Evaluate);
