using Platform.Embedded.Engine;

namespace Platform.Embedded;

/// <summary>Parameters: values from the configuration section <c>Parameters</c>, such as the variable <c>Parameters__name</c>.</summary>
public static class ParameterResourceBuilderExtensions
{
    /// <summary>
    /// Adds a parameter whose value is configured. A secret without a value gets a generated one, which is kept; where
    /// Aspire would ask for it, nobody is asked.
    /// </summary>
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        secret
            ? builder.AddParameter(name, new GenerateParameterDefault(), secret: true, persist: true)
            : builder.Add(name, secret, () => throw new EmbeddedException($"The parameter '{name}' has no value: set the variable Parameters__{name.Replace('-', '_')}."));

    /// <summary>Adds a parameter with a value that the configuration may override.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.Add(name, secret, () => value);

    /// <summary>Adds a parameter with a default that is made the first time; with <paramref name="persist"/> it is the same at the next start.</summary>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, ParameterDefault value, bool secret = false, bool persist = false) =>
        builder.Add(name, secret, () => persist ? ((DistributedApplicationBuilder)builder).Secrets.GetOrAdd($"Parameters:{name}", value.GetDefaultValue) : value.GetDefaultValue());

    private static ResourceBuilder<ParameterResource> Add(
        this IDistributedApplicationBuilder builder, string name, bool secret, Func<string> fallback) =>
        ((DistributedApplicationBuilder)builder).Add(new ParameterResource(name, secret, () =>
            builder.Configuration[$"Parameters:{name}"] ?? builder.Configuration[$"Parameters:{name.Replace('-', '_')}"] ?? fallback()));
}
