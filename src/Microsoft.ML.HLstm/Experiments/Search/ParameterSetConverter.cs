using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.HLstm.Experiments;

/// <summary>Parameters as a JSON object. A whole number that is a double is written with a decimal point, to come back as one.</summary>
internal sealed class ParameterSetConverter : JsonConverter<ParameterSet>
{
    public override ParameterSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return new ParameterSet([.. document.RootElement.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, Value(entry.Value)))]);
    }

    public override void Write(Utf8JsonWriter writer, ParameterSet value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, object entry) in value.Values)
        {
            writer.WritePropertyName(name);
            if (entry is double number && double.IsInteger(number) && Math.Abs(number) < 1e15)
                writer.WriteRawValue(ParameterSet.Text(number) + ".0");
            else
                JsonSerializer.Serialize(writer, entry, entry.GetType(), options);
        }

        writer.WriteEndObject();
    }

    private static object Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => element.GetString()!,
        JsonValueKind.Number when element.TryGetInt32(out int whole) && !element.GetRawText().AsSpan().ContainsAny(".eE") => whole,
        JsonValueKind.Number => element.GetDouble(),
        _ => throw new JsonException($"A parameter is {element.GetRawText()}; allowed is a number, a Boolean or a string."),
    };
}
