using Platform.ServiceDefaults.FeatureFlags.Ofrep;

namespace Platform.Api.FeatureFlags;

internal static class FlagStreamEndpoints
{
    public static void MapFlagChanges(this IEndpointRouteBuilder api) => api.MapFlagStream("/flags/stream")
        .WithTags("Flags")
        .WithName("StreamFlagChanges")
        .WithSummary("Hear of changes of flags")
        .WithDescription("Server-sent events, one for each change of any flag: `{\"version\":42,\"fingerprint\":\"...\"}`. "
            + "Who comes back with `Last-Event-ID` hears only of what is new.")
        .Produces<string>(StatusCodes.Status200OK, "text/event-stream");
}
