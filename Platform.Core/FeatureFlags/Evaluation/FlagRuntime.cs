namespace Platform.FeatureFlags;

/// <summary>What compiled flags take from around them.</summary>
internal sealed record FlagRuntime(FeatureFlagOptions Options, TimeProvider Time, Random Random)
{
    public DateTimeOffset Now(FlagContext context) => context.CurrentTime ?? Time.GetUtcNow();
}
