using System.Text.Json;
using System.Text.Json.Nodes;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>The output of <c>manage.py dumpdata waffle</c>, with primary or natural keys.</summary>
internal static class WaffleFormat
{
    private const string FlagModel = "waffle.flag";
    private const string SwitchModel = "waffle.switch";
    private const string SampleModel = "waffle.sample";
    private const string Envelope = "waffle";

    public static FlagDocument? Import(JsonElement root, FieldErrors errors)
    {
        if (root.ValueKind != JsonValueKind.Array)
        {
            errors.Add("", "invalid", "A list of rows is expected.");
            return null;
        }

        var flags = new List<FlagDefinition>();
        var switches = new List<SwitchDefinition>();
        var samples = new List<SampleDefinition>();
        var order = new JsonArray();
        var index = 0;
        foreach (var row in root.EnumerateArray())
        {
            var reader = WaffleRow.Read(row, $"/{index++}", errors);
            switch (reader?.Model)
            {
                case FlagModel:
                    flags.Add(reader.Flag());
                    break;
                case SwitchModel:
                    switches.Add(reader.Switch());
                    break;
                case SampleModel:
                    samples.Add(reader.Sample());
                    break;
                case null:
                    break;
                default:
                    errors.Add($"/{index - 1}/model", "invalid", "Only waffle.flag, waffle.switch and waffle.sample are known.");
                    break;
            }

            order.Add(reader is null ? "" : Key(reader.Model, reader.Name));
        }

        // A dump with errors is refused as a whole: unlike flags of other systems, its rows have no form in which they could be kept.
        return errors.IsEmpty
            ? new FlagDocument { Flags = flags, Switches = switches, Samples = samples, Envelopes = Foreign.Envelope(Envelope, order) }
            : null;
    }

    public static JsonArray Export(FlagDocument document)
    {
        var rows = new OrderedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var flag in document.Flags.Where(flag => flag.Origin == FlagOrigin.Waffle))
        {
            rows[Key(FlagModel, flag.Name)] = WaffleRow.Write(FlagModel, flag.Definition, WaffleFields.Of(flag));
        }

        foreach (var item in document.Switches)
        {
            rows[Key(SwitchModel, item.Name)] = WaffleRow.Write(SwitchModel, item.Definition, WaffleFields.Of(item));
        }

        foreach (var item in document.Samples)
        {
            rows[Key(SampleModel, item.Name)] = WaffleRow.Write(SampleModel, item.Definition, WaffleFields.Of(item));
        }

        var result = new JsonArray();
        if (document.Envelopes.TryGetValue(Envelope, out var order) && order.ValueKind == JsonValueKind.Array)
        {
            foreach (var key in order.EnumerateArray())
            {
                if (key.ValueKind == JsonValueKind.String && rows.Remove(key.GetString()!, out var row))
                {
                    result.Add((JsonNode)row);
                }
            }
        }

        foreach (var row in rows.Values)
        {
            result.Add((JsonNode)row);
        }

        return result;
    }

    private static string Key(string model, string name) => $"{model} {name}";
}
