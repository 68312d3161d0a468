using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.EntityFrameworkCore.Identity;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets.Rotators;

/// <summary>
/// The secret of a client of our own token server. Both are accepted until the overlap is over; whoever is the client reads the secret by its name. Setting:
/// <c>ClientId</c>.
/// </summary>
internal sealed class ClientSecretRotator(SecretDatabase database, IServiceScopeFactory scopes) : ISecretRotator
{
    private const int Bytes = 32;

    public string Kind => "client-secret";

    public async Task<IReadOnlyList<string>> PlanAsync(RotationContext context, CancellationToken cancellationToken)
    {
        await ReadAsync(context, (_, _) => Task.FromResult(true), cancellationToken);
        var id = context.Definition.Required("ClientId");
        return ["make a secret of 32 random bytes", $"accept it from the client {id}, beside the present one", "check it", "have the client use it", "accept no other any more, after the overlap"];
    }

    public Task<NewSecret> CreateAsync(RotationContext context, CancellationToken cancellationToken) =>
        Task.FromResult(new NewSecret(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)), context.Definition.Required("ClientId")));

    public Task SetAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken) =>
        ChangeAsync(context, (clients, client) => clients.AcceptAsync(client, Name(pending.Id), pending.Value, cancellationToken), cancellationToken);

    public async Task TestAsync(RotationContext context, SecretVersion pending, CancellationToken cancellationToken)
    {
        if (!await ReadAsync(context, async (clients, client) => await clients.ValidateClientSecretAsync(client, pending.Value, cancellationToken), cancellationToken))
        {
            throw new RotationException("The client's new secret is not accepted.");
        }
    }

    public Task RetireAsync(RotationContext context, SecretVersion? previous, CancellationToken cancellationToken) => context.Current is not { } current
        ? Task.CompletedTask
        : ChangeAsync(
            context,
            async (clients, client) =>
            {
                var further = await clients.FurtherNamesAsync(client, cancellationToken);
                if (further.Contains(Name(current.Id)))
                {
                    await clients.SettleAsync(client, Name(current.Id), cancellationToken);
                }
                else if (previous is not null)
                {
                    // Rolled back: the client's own secret is the current one still.
                    await clients.DropAsync(client, Name(previous.Id), cancellationToken);
                }
            },
            cancellationToken);

    public Task DiscardAsync(RotationContext context, SecretVersion? pending, CancellationToken cancellationToken) =>
        ChangeAsync(context, (clients, client) => clients.DropAsync(client, Name(context.Version), cancellationToken), cancellationToken);

    public async Task<IReadOnlyList<string>> FindOrphansAsync(RotationContext context, CancellationToken cancellationToken)
    {
        var kept = context.Versions.Select(version => Name(version.Id)).ToHashSet(StringComparer.Ordinal);
        return await ReadAsync(
            context,
            async (clients, client) => (IReadOnlyList<string>)[.. (await clients.FurtherNamesAsync(client, cancellationToken)).Where(name => !kept.Contains(name))],
            cancellationToken);
    }

    public Task RemoveOrphanAsync(RotationContext context, string reference, CancellationToken cancellationToken) =>
        ChangeAsync(context, (clients, client) => clients.DropAsync(client, reference, cancellationToken), cancellationToken);

    private Task ChangeAsync(
        RotationContext context, Func<RotatingClients, OpenIddictEntityFrameworkCoreApplication<Guid>, Task> change, CancellationToken cancellationToken) =>
        database.FencedContextAsync(
            context.Lease,
            async (scope, _) =>
            {
                var clients = scope.GetRequiredService<RotatingClients>();
                await change(clients, await FindAsync(clients, context, cancellationToken));
            },
            cancellationToken);

    private async Task<T> ReadAsync<T>(
        RotationContext context, Func<RotatingClients, OpenIddictEntityFrameworkCoreApplication<Guid>, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<RotatingClients>();
        return await read(clients, await FindAsync(clients, context, cancellationToken));
    }

    private static async Task<OpenIddictEntityFrameworkCoreApplication<Guid>> FindAsync(
        RotatingClients clients, RotationContext context, CancellationToken cancellationToken)
    {
        var id = context.Definition.Required("ClientId");
        return await clients.FindByClientIdAsync(id, cancellationToken) ?? throw new RotationException($"There is no client {id}.");
    }

    private static string Name(Guid version) => version.ToString("N");
}
