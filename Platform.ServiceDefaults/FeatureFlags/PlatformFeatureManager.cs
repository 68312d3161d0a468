using System.Runtime.CompilerServices;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>
/// Microsoft's interfaces over our engine. A flag that needs more of Microsoft's manager than a bucket, as a filter of the host's own or its
/// telemetry, goes to that manager.
/// </summary>
internal sealed class PlatformFeatureManager(FeatureManager microsoft, FlagDefinitionProvider definitions, LiveFlags flags, FlagCallers callers)
    : IFeatureManager, IVariantFeatureManager
{
    private static readonly Task<bool> On = Task.FromResult(true);
    private static readonly Task<bool> Off = Task.FromResult(false);

    // Configuration of a variant is built when code first asks for it, and goes with the snapshot's own variant.
    private readonly ConditionalWeakTable<FlagVariant, Variant> _variants = [];

    public Task<bool> IsEnabledAsync(string feature)
    {
        if (callers.Present is { } caller && !definitions.NeedsMicrosoft(feature))
        {
            return flags.IsEnabled(feature, caller) ? On : Off;
        }

        return IsEnabledAsync(feature, CancellationToken.None).AsTask();
    }

    public Task<bool> IsEnabledAsync<TContext>(string feature, TContext context)
    {
        if (context is ITargetingContext targeting && !definitions.NeedsMicrosoft(feature))
        {
            return flags.IsEnabled(feature, FlagCallers.Of(targeting)) ? On : Off;
        }

        return microsoft.IsEnabledAsync(feature, context);
    }

    public async ValueTask<bool> IsEnabledAsync(string feature, CancellationToken cancellationToken = default)
    {
        if (!definitions.NeedsMicrosoft(feature) && await callers.PresentAsync() is { } caller)
        {
            return flags.IsEnabled(feature, caller);
        }

        return await microsoft.IsEnabledAsync(feature, cancellationToken);
    }

    public ValueTask<bool> IsEnabledAsync<TContext>(string feature, TContext context, CancellationToken cancellationToken = default)
    {
        if (context is ITargetingContext targeting && !definitions.NeedsMicrosoft(feature))
        {
            return new(flags.IsEnabled(feature, FlagCallers.Of(targeting)));
        }

        return microsoft.IsEnabledAsync(feature, context, cancellationToken);
    }

    public async ValueTask<Variant> GetVariantAsync(string feature, CancellationToken cancellationToken = default)
    {
        if (!definitions.NeedsMicrosoft(feature) && await callers.PresentAsync() is { } caller)
        {
            return Read(flags.Evaluate(feature, caller).Variant);
        }

        return await microsoft.GetVariantAsync(feature, cancellationToken);
    }

    public ValueTask<Variant> GetVariantAsync(string feature, ITargetingContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return definitions.NeedsMicrosoft(feature)
            ? microsoft.GetVariantAsync(feature, context, cancellationToken)
            : new(Read(flags.Evaluate(feature, FlagCallers.Of(context)).Variant));
    }

    public IAsyncEnumerable<string> GetFeatureNamesAsync() => microsoft.GetFeatureNamesAsync();

    public IAsyncEnumerable<string> GetFeatureNamesAsync(CancellationToken cancellationToken) => microsoft.GetFeatureNamesAsync(cancellationToken);

    // Microsoft's interface gives null where there is no variant, without saying so in its types.
    private Variant Read(FlagVariant? variant) => variant is null
        ? null!
        : _variants.GetValue(variant, static read => new Variant { Name = read.Name, Configuration = MicrosoftDefinitions.Section(read.Value) });
}
