using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.FeatureManagement;
using Platform.Errors;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// Gives Microsoft's feature manager the flags of the present snapshot, with the parameters of its filters as objects: a provider that builds
/// configuration costs a hundred times as much at each question.
/// </summary>
internal sealed class FlagDefinitionProvider(LiveFlags flags) : IFeatureDefinitionProvider
{
    private Definitions? _definitions;

    public Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName)
    {
        ArgumentNullException.ThrowIfNull(featureName);
        var definition = Current().ByName.GetValueOrDefault(featureName);
        return definition is { Invalid: { } invalid } ? throw invalid() : definition?.Found ?? Definitions.Unknown;
    }

    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        foreach (var definition in Current().ByName.Values.Where(definition => definition.Invalid is null))
        {
            yield return await definition.Found.ConfigureAwait(false);
        }
    }

    /// <summary>The flag, where Microsoft's manager has to be asked itself: for a host's own filters, for telemetry, and for errors.</summary>
    public bool NeedsMicrosoft(string name) => Current().ByName.TryGetValue(name, out var definition) && definition.NeedsMicrosoft;

    private Definitions Current()
    {
        var snapshot = flags.Snapshot;
        var definitions = Volatile.Read(ref _definitions);
        if (definitions is null || !ReferenceEquals(definitions.Snapshot, snapshot))
        {
            definitions = new Definitions(snapshot);
            Volatile.Write(ref _definitions, definitions);
        }

        return definitions;
    }

    private sealed record Definition(Task<FeatureDefinition> Found, bool NeedsMicrosoft, Func<Exception>? Invalid = null);

    private sealed class Definitions
    {
        // The manager takes null for a flag that does not exist.
        public static readonly Task<FeatureDefinition> Unknown = Task.FromResult<FeatureDefinition>(null!);

        public Definitions(FlagSnapshot snapshot)
        {
            Snapshot = snapshot;
            ByName = snapshot.Document.Flags.Select((flag, index) => (flag, index)).DistinctBy(entry => entry.flag.Name)
                .ToFrozenDictionary(entry => entry.flag.Name, entry => Read(entry.flag, $"/flags/{entry.index}", snapshot), StringComparer.Ordinal);
        }

        public FlagSnapshot Snapshot { get; }

        public FrozenDictionary<string, Definition> ByName { get; }

        private static Definition Read(FlagDefinition flag, string pointer, FlagSnapshot snapshot)
        {
            if (flag.Origin != FlagOrigin.Microsoft || flag.Definition is not { } json)
            {
                return new(Task.FromResult(MicrosoftDefinitions.Of(flag.Name)), NeedsMicrosoft: false);
            }

            if (snapshot.Problems.FirstOrDefault(problem => problem.Pointer.StartsWith($"{pointer}/", StringComparison.Ordinal)) is { } problem)
            {
                return new(Unknown, NeedsMicrosoft: true, () => Refusal(flag.Name, json, problem));
            }

            var feature = MicrosoftFeature.Read(json);
            var needsMicrosoft = feature.TelemetryEnabled || feature.Filters.Any(filter => filter.Kind == MicrosoftFilterKind.Other);
            return new(Task.FromResult(MicrosoftDefinitions.Of(feature, flag.Killed)), needsMicrosoft);
        }

        /// <summary>Fails in the words of Microsoft's own provider where its message names a setting and the value.</summary>
        private static FeatureManagementException Refusal(string flag, JsonElement json, FieldError problem)
        {
            var setting = problem.Pointer[(problem.Pointer.LastIndexOf('/') + 1)..];
            var value = json;
            foreach (var part in problem.Pointer.Split('/').SkipWhile(part => part != "definition").Skip(1))
            {
                value = value.ValueKind switch
                {
                    JsonValueKind.Array when int.TryParse(part, out var index) && index < value.GetArrayLength() => value[index],
                    JsonValueKind.Object when value.TryGetProperty(part, out var found) => found,
                    _ => default,
                };
            }

            return new FeatureManagementException(
                FeatureManagementError.InvalidConfigurationSetting, $"Invalid setting '{setting}' with value '{value}' for feature '{flag}'.");
        }
    }
}
