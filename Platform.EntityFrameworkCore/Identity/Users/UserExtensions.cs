using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Platform.EntityFrameworkCore.Identity.Tokens;

namespace Platform.EntityFrameworkCore.Identity.Users;

internal static class UserExtensions
{
    public static void AddUsers<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        services.AddOptions<UserOptions>().BindConfiguration(UserOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddIdentityCore<User>();
        services.AddOptions<IdentityOptions>().Configure<IOptions<UserOptions>>((identity, users) =>
        {
            // Length is what counts; demanding signs of each kind makes passwords worse (NIST SP 800-63B, section 3.1.1.2).
            identity.Password.RequiredLength = users.Value.MinimumPasswordLength;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequiredUniqueChars = 4;
        });
        services.AddOptions<PasswordHasherOptions>().Configure<IOptions<UserOptions>>(
            (hasher, users) => hasher.IterationCount = users.Value.PasswordIterations);
        services.Replace(ServiceDescriptor.Singleton<IPasswordHasher<User>, PasswordHasher<User>>());
        services.TryAddSingleton<UserSecrets>();
        services.TryAddSingleton<DecoyPassword>();
        services.TryAddScoped<IUserStore<User>>(provider =>
            new UserStore(provider.GetRequiredService<TContext>(), provider.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(provider => new SignInAttempts(
            provider.GetRequiredService<TContext>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<IOptions<UserOptions>>()));
        services.TryAddScoped(provider => new UserAccounts(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<UserManager<User>>(),
            provider.GetRequiredService<SignInAttempts>(),
            provider.GetRequiredService<TokenFamilies>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddScoped(provider => new UserSignIn(
            provider.GetRequiredService<TContext>(),
            provider.GetRequiredService<UserManager<User>>(),
            provider.GetRequiredService<SignInAttempts>(),
            provider.GetRequiredService<UserSecrets>(),
            provider.GetRequiredService<DecoyPassword>(),
            provider.GetRequiredService<TimeProvider>()));
    }
}
