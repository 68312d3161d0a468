using System.Text.Json;
using Platform.Errors;

namespace Platform.Api.FeatureFlags;

/// <summary>Kinds and actions as they stand on the wire: lower snake case.</summary>
internal static class FlagWords
{
    public static string Of<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>Reads a query parameter; null stays null.</summary>
    public static T? Read<T>(string? text, string pointer, FieldErrors errors)
        where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        foreach (var value in Enum.GetValues<T>())
        {
            if (Of(value) == text)
            {
                return value;
            }
        }

        errors.Add(pointer, "invalid", $"One of {string.Join(", ", Enum.GetValues<T>().Select(Of))} is expected.");
        return null;
    }
}
