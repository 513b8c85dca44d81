using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Trials as JSON in full precision.</summary>
internal static class TrialJson
{
    private static readonly JsonSerializerOptions _options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        // A failed trial has no metric, which plain JSON cannot say.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static void Write<T>(string path, T value) => AtomicFile.Write(path, JsonSerializer.Serialize(value, _options) + "\n");

    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), _options) ?? throw new JsonException("There is nothing in it.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"The file {path} is damaged: {error.Message}", error);
        }
    }
}
