using System.Text.Json.Nodes;

namespace Platform.EndToEnd.Tests.Canary;

/// <summary>Personal data and a secret that occur nowhere else, and what gives each away.</summary>
internal static class Marked
{
    public const string Mail = "zebulon.marked@personal-canary.org";
    public const string Name = "Zebulon Quackenbush";
    public const string Phone = "+49 1512 3456789";
    public const string Card = "4012-8888-8888-1881";
    public const string Iban = "GB29 NWBK 6016 1331 9268 19";
    public const string Token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";

    /// <summary>Everything in one text.</summary>
    public const string Text = $"mail {Mail} phone {Phone} card {Card} iban {Iban} bearer {Token} password=c4nary-S3cret";

    private static readonly string[] Traces = ["marked@personal", "marked%40personal", "Quackenbush", "3456789", "8888-1881", "1331 9268", "dozjgNryP4", "c4nary-S3cret"];

    /// <summary>The marks that a text holds, with what stands around each.</summary>
    public static IEnumerable<string> In(string place, string text)
    {
        foreach (var trace in Traces)
        {
            var at = text.IndexOf(trace, StringComparison.OrdinalIgnoreCase);
            if (at >= 0)
            {
                var start = Math.Max(0, at - 200);
                yield return $"{place}: {trace} in …{text[start..Math.Min(text.Length, at + 100)]}…";
            }
        }
    }

    /// <summary>A value for a field of a body.</summary>
    public static JsonNode Value(string name, JsonNode? schema)
    {
        var type = schema?["type"] is JsonArray many ? many.First(of => of!.GetValue<string>() != "null")!.GetValue<string>() : schema?["type"]?.GetValue<string>();
        return type switch
        {
            "integer" or "number" => JsonValue.Create(1),
            "boolean" => JsonValue.Create(true),
            "array" => new JsonArray(Value(name, schema!["items"])),
            "object" => new JsonObject { [Mail] = Text },
            _ => JsonValue.Create(name.Equals("name", StringComparison.OrdinalIgnoreCase) ? Mail : name.Contains("mail", StringComparison.OrdinalIgnoreCase) ? Mail : Text),
        };
    }
}
