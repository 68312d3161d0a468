using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// The flags of the configuration: <c>Flags</c>, <c>Switches</c>, <c>Samples</c> and <c>Segments</c> of section <c>Platform:FeatureFlags</c>, and
/// Microsoft's section <c>feature_management:feature_flags</c>.
/// </summary>
internal sealed class ConfiguredFlags(IConfiguration configuration, ILogger<ConfiguredFlags> logger)
{
    private FlagDocument _latest = FlagDocument.Empty;

    /// <summary>What was read last.</summary>
    public FlagDocument Latest => Volatile.Read(ref _latest);

    /// <summary>Reads the configuration. What cannot be read there is left out, and said in the log: the host starts all the same.</summary>
    public FlagDocument Read()
    {
        var document = new FlagDocument
        {
            Flags =
            [
                .. Items<FlagDefinition>("Flags"),
                .. configuration.GetSection("feature_management:feature_flags").GetChildren().Select(Microsoft).OfType<FlagDefinition>(),
            ],
            Switches = [.. Items<SwitchDefinition>("Switches")],
            Samples = [.. Items<SampleDefinition>("Samples")],
            Segments = [.. Items<SegmentDefinition>("Segments")],
        };
        document = document.Items().Any() ? document : FlagDocument.Empty;
        Volatile.Write(ref _latest, document);
        return document;
    }

    private IEnumerable<T> Items<T>(string list)
        where T : class
    {
        foreach (var section in configuration.GetSection($"{FeatureFlagOptions.Section}:{list}").GetChildren())
        {
            var errors = new FieldErrors();
            if (FlagJson.Read<T>(ConfigurationText.Typed(section, typeof(T)), errors) is { } item)
            {
                yield return item;
            }
            else
            {
                Log.Misconfigured(logger, section.Path, errors.All[0].Pointer);
            }
        }
    }

    private static FlagDefinition? Microsoft(IConfigurationSection section) => section["id"] is { Length: > 0 } id
        ? new FlagDefinition { Name = id, Origin = FlagOrigin.Microsoft, Definition = ConfigurationText.Untyped(section) }
        : null;
}
