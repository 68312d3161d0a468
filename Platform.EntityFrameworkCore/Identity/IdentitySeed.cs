using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using OpenIddict.Abstractions;
using Platform.Identity;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>
/// What the migrate step puts into the identity tables: the server's keys and the scopes, and in Development a client to try things
/// with. Running it again changes nothing.
/// </summary>
public sealed class IdentitySeed
{
    /// <summary>The id of the client that exists in Development only.</summary>
    public const string DemoClientId = "demo";

    /// <summary>Its secret.</summary>
    public const string DemoClientSecret = "demo-secret";

    private readonly DbContext _database;
    private readonly SigningKeys _keys;
    private readonly IOpenIddictScopeManager _scopes;
    private readonly IOpenIddictApplicationManager _clients;
    private readonly IHostEnvironment _environment;

    internal IdentitySeed(
        DbContext database, SigningKeys keys, IOpenIddictScopeManager scopes, IOpenIddictApplicationManager clients, IHostEnvironment environment)
    {
        _database = database;
        _keys = keys;
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
                    await AddDemoClientAsync(cancellation);
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

    // An older database may know the client without a scope that came later, so its permissions are brought up to date.
    private async Task AddDemoClientAsync(CancellationToken cancellationToken)
    {
        var wanted = new HashSet<string>(ApiScopes.All.Keys.Select(scope => Permissions.Prefixes.Scope + scope), StringComparer.Ordinal)
        {
            Permissions.Endpoints.Token,
            Permissions.Endpoints.Introspection,
            Permissions.GrantTypes.ClientCredentials,
        };

        if (await _clients.FindByClientIdAsync(DemoClientId, cancellationToken) is not { } client)
        {
            var descriptor = new OpenIddictApplicationDescriptor
            {
                ClientId = DemoClientId,
                ClientSecret = DemoClientSecret,
                ClientType = ClientTypes.Confidential,
                DisplayName = "Demonstration client of Development",
            };
            descriptor.Permissions.UnionWith(wanted);
            await _clients.CreateAsync(descriptor, cancellationToken);
        }
        else if (!wanted.SetEquals(await _clients.GetPermissionsAsync(client, cancellationToken)))
        {
            var descriptor = new OpenIddictApplicationDescriptor();
            await _clients.PopulateAsync(descriptor, client, cancellationToken);
            descriptor.Permissions.Clear();
            descriptor.Permissions.UnionWith(wanted);
            await _clients.UpdateAsync(client, descriptor, cancellationToken);
        }
    }
}
