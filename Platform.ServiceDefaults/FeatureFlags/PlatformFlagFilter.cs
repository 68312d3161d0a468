using Microsoft.FeatureManagement;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Lets Microsoft's feature manager ask flags that have no definition in its own schema, for the present caller.</summary>
[FilterAlias(Alias)]
internal sealed class PlatformFlagFilter(LiveFlags flags, FlagCallers callers) : IFeatureFilter
{
    public const string Alias = "Platform.Flag";

    public async Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context) =>
        flags.IsEnabled(context.FeatureName, await callers.PresentAsync() ?? new FlagContext());
}
