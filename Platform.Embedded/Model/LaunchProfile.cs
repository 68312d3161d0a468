using System.Text.Json;

namespace Platform.Embedded;

/// <summary>A profile of a project's <c>Properties/launchSettings.json</c>, where ports and variables for development are written.</summary>
internal sealed record LaunchProfile(
    IReadOnlyList<Uri> Urls,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyList<string> Arguments)
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The profile of this name; without a name the one of the AppHost's own profile's name, otherwise the first for a project.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="EmbeddedException">The profile that was asked for is missing.</exception>
    public static LaunchProfile? Read(string projectPath, string? name)
    {
        var path = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (!File.Exists(path))
        {
            return name is null ? null : throw new EmbeddedException($"There is no launch profile '{name}': {path} does not exist.");
        }

        using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        var profiles = document.RootElement.GetProperty("profiles");
        JsonElement profile;
        if (name is not null)
        {
            return profiles.TryGetProperty(name, out profile) ? Parse(profile) : throw new EmbeddedException($"There is no launch profile '{name}' in {path}.");
        }
        if (System.Environment.GetEnvironmentVariable("DOTNET_LAUNCH_PROFILE") is { } current && profiles.TryGetProperty(current, out profile))
        {
            return Parse(profile);
        }
        profile = profiles.EnumerateObject().Select(property => property.Value).FirstOrDefault(value => Text(value, "commandName") == "Project");
        return profile.ValueKind == JsonValueKind.Object ? Parse(profile) : null;
    }

    private static LaunchProfile Parse(JsonElement profile) => new(
        [.. (Text(profile, "applicationUrl") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url))],
        profile.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? "")
            : [],
        (Text(profile, "commandLineArgs") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
