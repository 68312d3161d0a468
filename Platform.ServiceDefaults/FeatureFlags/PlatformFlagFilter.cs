using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Lets Microsoft's feature manager ask flags that have no definition in its own schema.</summary>
[FilterAlias(Alias)]
internal sealed class PlatformFlagFilter(LiveFlags flags, FlagCallers callers) : IFeatureFilter, IContextualFeatureFilter<ITargetingContext>
{
    public const string Alias = "Platform.Flag";

    public async Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context) =>
        flags.IsEnabled(context.FeatureName, await callers.PresentAsync() ?? new FlagContext());

    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext featureFilterContext, ITargetingContext appContext) =>
        Task.FromResult(flags.IsEnabled(featureFilterContext.FeatureName, FlagCallers.Of(appContext)));
}
