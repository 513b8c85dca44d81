namespace Samples.Commands;

/// <summary>What data is read for.</summary>
internal enum DataUse
{
    Training,
    Validation,
    Evaluation,
}
