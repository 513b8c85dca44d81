using Microsoft.ML.HLstm.ModelFile;
using Microsoft.ML.HLstm.Reports;
using Microsoft.ML.HLstm.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.HLstm;

/// <summary>The base of this package's trained transformers: each knows how it was trained.</summary>
public abstract class TrainedTransformerBase : SequenceTransformerBase
{
    private protected TrainedTransformerBase(IHost host, SequenceColumns columns, TrainingReport? report)
        : base(host, columns) => Report = report;

    /// <summary>What happened while the model was trained; empty for a model that was loaded without its report.</summary>
    public TrainingHistory History => Report?.History ?? TrainingHistory.Empty;

    /// <summary>
    /// All there is to tell about the training run; null for a model that was loaded from a zip without it (see
    /// <see cref="SequenceTrainerOptions.SaveReport"/>).
    /// </summary>
    public TrainingReport? Report { get; }

    /// <summary>How large the model is.</summary>
    public abstract ModelStatistics Statistics { get; }

    /// <summary>How the model keeps its weights, in memory and when it is saved.</summary>
    public abstract WeightPrecision Precision { get; }

    private protected sealed override string LabelName => Columns.Outputs[0].Annotations![ScoredColumns.LabelAnnotation];

    /// <summary>Writes the report, where it was asked for.</summary>
    private protected void SaveReport(ModelSaveContext ctx)
    {
        if (Report is { Saved: true } report)
            SaveStream(ctx, ReportStream.Name, stream => ReportStream.Write(stream, report));
    }

    /// <summary>Reads the report; null where there is none.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    private protected static TrainingReport? LoadReport(ModelLoadContext ctx) =>
        TryLoadStream(ctx, ReportStream.Name, ReportStream.Read, out TrainingReport? report) ? report : null;
}
