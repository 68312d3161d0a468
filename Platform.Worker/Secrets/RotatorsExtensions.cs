using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Identity;
using Platform.EntityFrameworkCore.Secrets;
using Platform.ServiceDefaults.Identity;

namespace Platform.Worker.Secrets;

/// <summary>Gives the worker everything that secrets are rotated with.</summary>
internal static class RotatorsExtensions
{
    private const string KeyEncryptionKey = $"{IdentityKeyOptions.Section}:{nameof(IdentityKeyOptions.KeyEncryptionKey)}";

    /// <summary>
    /// Adds the engine and all rotators. Those of the token server need its key-encryption key: a worker without one, or beside another provider, leaves signing keys,
    /// clients and cookie keys alone.
    /// </summary>
    public static void AddRotators(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDatabaseRotators();
        builder.AddEdgeRotators();
        var external = builder.Configuration.GetValue<IdentityProvider>($"{IdentityOptions.Section}:{nameof(IdentityOptions.Provider)}") is IdentityProvider.External;
        if (!external && (builder.Environment.IsDevelopment() || !string.IsNullOrWhiteSpace(builder.Configuration[KeyEncryptionKey])))
        {
            builder.Services.AddIdentityStores<PlatformDbContext>();
            builder.Services.AddSharedCookieKeys();
            builder.Services.AddIdentityRotators();
            builder.AddCookieRotator();
        }
    }
}
