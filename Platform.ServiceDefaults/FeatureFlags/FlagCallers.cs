using Microsoft.FeatureManagement.FeatureFilters;
using Platform.FeatureFlags;

namespace Platform.ServiceDefaults.FeatureFlags;

/// <summary>Who asks Microsoft's feature manager: our own accessor knows most, Microsoft's user and groups.</summary>
internal sealed class FlagCallers(IFlagContextAccessor? own = null, ITargetingContextAccessor? targeting = null)
{
    public static FlagContext Of(ITargetingContext context) => new()
    {
        UserId = context.UserId,
        IsAuthenticated = !string.IsNullOrEmpty(context.UserId),
        Groups = [.. context.Groups ?? []],
    };

    /// <summary>The present caller without waiting, where our own accessor is there.</summary>
    public FlagContext? Present => own?.Current;

    /// <summary>The present caller; null where nobody can tell.</summary>
    public async ValueTask<FlagContext?> PresentAsync()
    {
        if (own is not null)
        {
            return own.Current;
        }

        return targeting is not null && await targeting.GetContextAsync() is { } context ? Of(context) : null;
    }
}
