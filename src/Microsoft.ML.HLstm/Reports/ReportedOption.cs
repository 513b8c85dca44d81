namespace Microsoft.ML.HLstm;

/// <summary>An option of a training run.</summary>
/// <param name="Name">Its name, such as <c>GrowAndPrune.SeedDensity</c>.</param>
/// <param name="Value">Its value, whatever the culture; "default" where it was not set.</param>
public sealed record ReportedOption(string Name, string Value);
