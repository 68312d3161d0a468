using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.EntityFrameworkCore.Messaging.Dispatching;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging.Receiving;

/// <summary>Handles events of outside senders once.</summary>
internal sealed class Inbox<TContext>(TContext context, InboxTable table) : IInbox
    where TContext : DbContext
{
    private const int MaxConsumer = 100;

    public Task<bool> ProcessAsync(string eventId, string consumer, Func<CancellationToken, Task> effect, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(eventId);
        return ProcessAsync(IdOf(eventId), consumer, effect, cancellationToken);
    }

    public async Task<bool> ProcessAsync(Guid eventId, string consumer, Func<CancellationToken, Task> effect, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(consumer);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(consumer.Length, MaxConsumer);
        ArgumentNullException.ThrowIfNull(effect);
        if (context.Database.CurrentTransaction is not null)
        {
            return await RunAsync(eventId, consumer, effect, cancellationToken);
        }

        if (context.ChangeTracker.HasChanges())
        {
            throw new InvalidOperationException("The context has unsaved changes: make them inside the effect.");
        }

        return await context.Database.CreateExecutionStrategy().ExecuteAsync(
            async cancel =>
            {
                context.ChangeTracker.Clear();
                await using var transaction = await context.Database.BeginTransactionAsync(cancel);
                var first = await RunAsync(eventId, consumer, effect, cancel);
                await transaction.CommitAsync(CancellationToken.None);
                return first;
            },
            cancellationToken);
    }

    /// <summary>An id for a text: a UUID of version 8 (RFC 9562, section 5.8) from its SHA-256.</summary>
    private static Guid IdOf(string eventId)
    {
        if (Guid.TryParseExact(eventId, "D", out var id))
        {
            return id;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(eventId), hash);
        hash[6] = (byte)(0x80 | (hash[6] & 0x0F));
        hash[8] = (byte)(0x80 | (hash[8] & 0x3F));
        return new Guid(hash[..16], bigEndian: true);
    }

    private async Task<bool> RunAsync(Guid eventId, string consumer, Func<CancellationToken, Task> effect, CancellationToken cancellationToken)
    {
        var connection = (NpgsqlConnection)context.Database.GetDbConnection();
        if (await table.MarkAsync(connection, consumer, [eventId], cancellationToken) is not null)
        {
            Telemetry.Duplicates.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, consumer));
            return false;
        }

        await effect(cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        Telemetry.Handled.Add(1, new KeyValuePair<string, object?>(Telemetry.SubscriptionTag, consumer));
        return true;
    }
}
