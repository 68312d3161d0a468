using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using OpenIddict.Abstractions;
using Platform.EntityFrameworkCore.Identity.Users;
using Platform.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>
/// What the migrate step puts into the identity tables: the server's keys and the scopes, and in Development clients and users to try things
/// with. Running it again changes nothing.
/// </summary>
public sealed class IdentitySeed
{
    /// <summary>The id of the client that exists in Development only.</summary>
    public const string DemoClientId = "demo";

    /// <summary>Its secret.</summary>
    public const string DemoClientSecret = "demo-secret";

    /// <summary>The id of the application on people's own machines that exists in Development only: public, with PKCE, on the loopback.</summary>
    public const string DemoAppClientId = "demo-app";

    // Documented in the README, for Development only.
    private static readonly (NewUser User, string Password)[] DemoUsers =
    [
        (new("operator") { DisplayName = "Olivia Operator", Roles = [RoleNames.Operator], IsStaff = true, IsSuperuser = true }, "operator-password"),
        (new("staff") { DisplayName = "Sam Staff", Roles = [RoleNames.Staff], IsStaff = true }, "staff-password"),
        (new("customer") { DisplayName = "Carla Customer", Roles = [RoleNames.Customer], Groups = ["early-adopters", "gold"] }, "customer-password"),
    ];

    private readonly DbContext _database;
    private readonly SigningKeys _keys;
    private readonly UserAccounts _users;
    private readonly IOpenIddictScopeManager _scopes;
    private readonly IOpenIddictApplicationManager _clients;
    private readonly IHostEnvironment _environment;

    internal IdentitySeed(
        DbContext database, SigningKeys keys, UserAccounts users, IOpenIddictScopeManager scopes,
        IOpenIddictApplicationManager clients, IHostEnvironment environment)
    {
        _database = database;
        _keys = keys;
        _users = users;
        _scopes = scopes;
        _clients = clients;
        _environment = environment;
    }

    /// <summary>Adds what is missing.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        await _keys.EnsureAsync(cancellationToken);
        await IdentityLock.RunAsync(
            _database,
            async cancellation =>
            {
                await AddScopesAsync(cancellation);
                if (_environment.IsDevelopment())
                {
                    await AddClientAsync(DemoClient(), cancellation);
                    await AddClientAsync(DemoApp(), cancellation);
                    await AddUsersAsync();
                }
            },
            cancellationToken);
    }

    private async Task AddScopesAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, description) in ApiScopes.All)
        {
            if (await _scopes.FindByNameAsync(name, cancellationToken) is null)
            {
                await _scopes.CreateAsync(new OpenIddictScopeDescriptor { Name = name, DisplayName = description }, cancellationToken);
            }
        }
    }

    private async Task AddUsersAsync()
    {
        foreach (var (user, password) in DemoUsers)
        {
            if (await _users.FindByNameAsync(user.UserName) is null && await _users.AddAsync(user, password) is { } complaint)
            {
                throw new InvalidOperationException(complaint);
            }
        }
    }

    private static OpenIddictApplicationDescriptor DemoClient()
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = DemoClientId,
            ClientSecret = DemoClientSecret,
            ClientType = ClientTypes.Confidential,
            DisplayName = "Demonstration client of Development",
            Permissions =
            {
                Permissions.Endpoints.Token,
                Permissions.Endpoints.Introspection,
                Permissions.Endpoints.Revocation,
                Permissions.GrantTypes.ClientCredentials,
            },
        };
        client.Permissions.UnionWith(ApiScopes.All.Keys.Select(scope => Permissions.Prefixes.Scope + scope));
        return client;
    }

    // RFC 8252: an application without a secret, which listens on a port of its own choice of the loopback.
    private static OpenIddictApplicationDescriptor DemoApp()
    {
        var client = new OpenIddictApplicationDescriptor
        {
            ClientId = DemoAppClientId,
            ClientType = ClientTypes.Public,
            ApplicationType = ApplicationTypes.Native,
            ConsentType = ConsentTypes.Implicit,
            DisplayName = "Demonstration app of Development",
            RedirectUris = { new Uri("http://127.0.0.1/callback"), new Uri("http://localhost/callback") },
            PostLogoutRedirectUris = { new Uri("http://127.0.0.1/"), new Uri("http://localhost/") },
            Permissions =
            {
                Permissions.Endpoints.Authorization,
                Permissions.Endpoints.PushedAuthorization,
                Permissions.Endpoints.Token,
                Permissions.Endpoints.Revocation,
                Permissions.Endpoints.EndSession,
                Permissions.GrantTypes.AuthorizationCode,
                Permissions.GrantTypes.RefreshToken,
                Permissions.ResponseTypes.Code,
                Permissions.Scopes.Profile,
                Permissions.Scopes.Email,
            },
            Requirements = { Requirements.Features.ProofKeyForCodeExchange },
        };
        client.Permissions.UnionWith(ApiScopes.All.Keys.Select(scope => Permissions.Prefixes.Scope + scope));
        return client;
    }

    // An older database may know the client without a scope that came later, so its permissions are brought up to date.
    private async Task AddClientAsync(OpenIddictApplicationDescriptor wanted, CancellationToken cancellationToken)
    {
        if (await _clients.FindByClientIdAsync(wanted.ClientId!, cancellationToken) is not { } client)
        {
            await _clients.CreateAsync(wanted, cancellationToken);
        }
        else if (!wanted.Permissions.SetEquals(await _clients.GetPermissionsAsync(client, cancellationToken)))
        {
            var descriptor = new OpenIddictApplicationDescriptor();
            await _clients.PopulateAsync(descriptor, client, cancellationToken);
            descriptor.Permissions.Clear();
            descriptor.Permissions.UnionWith(wanted.Permissions);
            await _clients.UpdateAsync(client, descriptor, cancellationToken);
        }
    }
}
