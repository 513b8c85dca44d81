#pragma warning disable
using Microsoft.ML.Data;
namespace Microsoft.ML.HLstm.Tasks.Translation;
public class TranslationTransformer : ITransformer { public const string PredictedColumnName="PredictedTranslation"; 
internal TranslationModel Model; public TrainingHistory History;
internal TranslationTransformer(Microsoft.ML.Runtime.IHost h, TranslationModel m, TrainingHistory t, TranslationOptions o){Model=m;History=t;}
internal static SchemaShape OutputShape(SchemaShape s)=>s;
public bool IsRowToRowMapper=>true; public DataViewSchema GetOutputSchema(DataViewSchema s)=>s; public IRowToRowMapper GetRowToRowMapper(DataViewSchema s)=>null; public IDataView Transform(IDataView d)=>d; public void Save(ModelSaveContext c){}
}
internal static class TranslationEvaluator { public static TranslationMetrics Evaluate(MLContext c, IDataView d, string? l, string p, bool lc)=>null!; }
