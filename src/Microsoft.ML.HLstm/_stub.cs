#pragma warning disable
namespace Microsoft.ML.HLstm.Tasks.Translation;
public class TranslationTransformer { public const string PredictedColumnName="PredictedTranslation"; }
public class TranslationTrainer { public TranslationTrainer(MLContext c, TranslationOptions o, int gateHiddenLayers){} }
internal static class TranslationEvaluator { public static TranslationMetrics Evaluate(MLContext c, IDataView d, string? l, string p, bool lc)=>null!; }
internal sealed class TranslationValidation { public double Bleu(Inference.TranslationWeights w, CancellationToken t)=>0; }
