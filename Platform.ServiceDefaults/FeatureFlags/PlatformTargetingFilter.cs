using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>The same as <see cref="PlatformFlagFilter"/> for a caller that the code names; Microsoft's manager wants a class for each.</summary>
[FilterAlias(PlatformFlagFilter.Alias)]
internal sealed class PlatformTargetingFilter(LiveFlags flags) : IContextualFeatureFilter<ITargetingContext>
{
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext featureFilterContext, ITargetingContext appContext) =>
        Task.FromResult(flags.IsEnabled(featureFilterContext.FeatureName, FlagCallers.Of(appContext)));
}
