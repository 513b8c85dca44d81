using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.HLstm.Reports;

/// <summary>A report as JSON, and back.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions _indented = Options(indented: true), _compact = Options(indented: false);

    public static string Write(TrainingReport report) => JsonSerializer.Serialize(report, _indented) + "\n";

    /// <summary>In one line and, as .NET's default, without any of the characters that HTML gives a meaning to.</summary>
    public static string WriteCompact(TrainingReport report) => JsonSerializer.Serialize(report, _compact);

    /// <exception cref="JsonException">It is no report.</exception>
    public static TrainingReport Read(ReadOnlySpan<byte> utf8) =>
        JsonSerializer.Deserialize<TrainingReport>(utf8, _compact) ?? throw new JsonException("The report is null.");

    private static JsonSerializerOptions Options(bool indented) => new()
    {
        WriteIndented = indented,
        NewLine = "\n",
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // An epoch without validation has NaN, which plain JSON cannot say.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };
}
