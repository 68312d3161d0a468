using System.Text.Json;

namespace Platform.FeatureFlags.Cases;

/// <summary>One case of microsoft/FeatureManagement's validation files.</summary>
internal sealed class MicrosoftCase
{
    private readonly JsonElement _case;

    private MicrosoftCase(string file, FlagImport import, JsonElement @case)
    {
        Name = $"{Path.GetFileName(file)} {@case.GetProperty("FeatureFlagName").GetString()}: {@case.GetProperty("Description").GetString()} {@case.GetProperty("Inputs").GetRawText()}";
        Flag = @case.GetProperty("FeatureFlagName").GetString()!;
        Import = import;
        _case = @case;
        var inputs = @case.GetProperty("Inputs");
        User = inputs.TryGetProperty(nameof(User), out var user) ? user.GetString() : null;
        Groups = inputs.TryGetProperty(nameof(Groups), out var groups) && groups.ValueKind == JsonValueKind.Array
            ? [.. groups.EnumerateArray().Select(group => group.GetString()!)]
            : [];
    }

    public string Name { get; }

    public string Flag { get; }

    public FlagImport Import { get; }

    public string? User { get; }

    public string[] Groups { get; }

    /// <summary>The exception's message that <c>IsEnabled</c> is expected to fail with, if it is.</summary>
    public string? Exception => Text("IsEnabled", "Exception");

    public bool ExpectedEnabled => string.Equals(Text("IsEnabled", "Result"), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>What the variant is expected to be: null, or an object with its value. Undefined where the case does not say.</summary>
    public JsonElement ExpectedVariant => _case.TryGetProperty("Variant", out var variant) && variant.TryGetProperty("Result", out var result) ? result : default;

    public static IEnumerable<MicrosoftCase> All()
    {
        foreach (var file in CaseFiles.In("microsoft", "*.tests.json"))
        {
            using var cases = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var configuration = file.Replace(".tests.json", ".sample.json", StringComparison.Ordinal);
            var import = FlagFormats.Import(FlagFormat.Microsoft, File.ReadAllBytes(configuration));
            foreach (var @case in cases.RootElement.EnumerateArray())
            {
                yield return new MicrosoftCase(file, import, @case.Clone());
            }
        }
    }

    /// <returns>Null where our own engine answers as expected, else what it answers.</returns>
    public string? Failure()
    {
        var snapshot = FlagSnapshot.Compile(Import.Document);
        var decision = snapshot.Evaluate(Flag, new FlagContext { UserId = User, Groups = Groups });
        if (Exception is not null)
        {
            // Where Microsoft's manager throws, the flag is off here, and its error is known since the import.
            return decision is { Enabled: false, Reason: FlagReason.Invalid } && Import.Problems.Count > 0 ? null : $"{decision.Enabled} {decision.Reason}";
        }

        if (decision.Enabled != ExpectedEnabled)
        {
            return $"{decision.Enabled} {decision.Reason}";
        }

        return ExpectedVariant.ValueKind == JsonValueKind.Undefined || Fits(decision.Variant) ? null : $"variant {decision.Variant?.Name}";
    }

    private bool Fits(FlagVariant? variant)
    {
        if (ExpectedVariant.ValueKind == JsonValueKind.Null)
        {
            return variant is null;
        }

        var named = !ExpectedVariant.TryGetProperty(nameof(Name), out var name) || name.GetString() == variant?.Name;
        return variant is not null && named
            && (!ExpectedVariant.TryGetProperty("ConfigurationValue", out var value) || variant.Value is { } given && JsonElement.DeepEquals(given, value));
    }

    private string? Text(string part, string property) =>
        _case.GetProperty(part).TryGetProperty(property, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
