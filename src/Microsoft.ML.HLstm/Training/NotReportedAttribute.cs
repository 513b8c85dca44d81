namespace Microsoft.ML.HLstm.Training;

/// <summary>An option that says how to watch, stop or store a run, or names a file: it is no property of the model.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotReportedAttribute : Attribute;
