using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using Platform.EntityFrameworkCore.Identity.Tokens;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity;
using Platform.TokenBinding;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>Registers the stores of users, clients, scopes, tokens and keys.</summary>
public static class IdentityStoreExtensions
{
    /// <summary>
    /// Adds OpenIddict's stores, the users (<see cref="UserAccounts"/>), the keys of cookies, <see cref="SigningKeys"/> and <see cref="IdentitySeed"/> on a context whose model has
    /// <see cref="IdentityModelExtensions.ApplyIdentity"/>. For the host that issues tokens and the one that migrates; those that
    /// only check tokens need none of it.
    /// </summary>
    /// <typeparam name="TContext">The context, registered by the host.</typeparam>
    public static IServiceCollection AddIdentityStores<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<IdentityKeyOptions>().BindConfiguration(IdentityKeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<IdentityKeyOptions>, IdentityKeyOptionsCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<IdentityKeyOptions>, IdentityKeyOptionsCheck>());
        services.TryAddSingleton<KeySealing>();

        services.AddOpenIddict().AddCore(core => core.UseEntityFrameworkCore().UseDbContext<TContext>().ReplaceDefaultEntities<Guid>());
        services.TryAddScoped(provider => new SigningKeys(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<KeySealing>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<IdentityKeyOptions>>()));
        services.TryAddScoped(provider => new IdentitySeed(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<SigningKeys>(),
            provider.GetRequiredService<UserAccounts>(),
            provider.GetRequiredService<IOpenIddictScopeManager>(),
            provider.GetRequiredService<IOpenIddictApplicationManager>(),
            provider.GetRequiredService<IHostEnvironment>()));
        services.TryAddScoped(provider => new TokenFamilies(
            provider.GetRequiredService<TContext>(), provider.GetRequiredService<TimeProvider>(), provider.GetService<IRevocations>()));
        services.AddUsers<TContext>();
        services.TryAddSingleton<ICookieKeys>(provider => new CookieKeys<TContext>(
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<KeySealing>(),
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
