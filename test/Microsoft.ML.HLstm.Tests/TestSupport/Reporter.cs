namespace Microsoft.ML.HLstm.Tests.TestSupport;

/// <summary>Is told about every batch as it ends, on the thread that trains.</summary>
internal sealed class Reporter(Action<TrainingProgress> report) : IProgress<TrainingProgress>
{
    public void Report(TrainingProgress value) => report(value);
}
