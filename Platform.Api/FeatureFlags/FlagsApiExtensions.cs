namespace Platform.Api.FeatureFlags;

/// <summary>Registers what the routes of flags need.</summary>
internal static class FlagsApiExtensions
{
    public static void AddFlagsApi(this IServiceCollection services) => services.AddScoped<FlagEditing>();
}
