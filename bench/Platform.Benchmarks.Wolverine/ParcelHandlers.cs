using Microsoft.EntityFrameworkCore;
using Npgsql;
using Platform.Benchmarks.Outbox.Contract;

namespace Platform.Benchmarks.Wolverine;

/// <summary>Found by Wolverine by the name of its method.</summary>
public static class PlainParcelHandler
{
    public static async Task Handle(ParcelMoved moved, HandledLog handled, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handled);
        ArgumentNullException.ThrowIfNull(database);
        handled.Begin(moved);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await PlainEffect.WriteAsync(connection, null, moved, cancellationToken);
    }
}

/// <summary>Found by Wolverine by the name of its method.</summary>
public static class EfParcelHandler
{
    public static async Task Handle(ParcelMoved moved, HandledLog handled, IDbContextFactory<EffectContext> contexts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(handled);
        ArgumentNullException.ThrowIfNull(contexts);
        handled.Begin(moved);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Inbox.Add(ParcelInbox.Of(moved, TimeProvider.System.GetUtcNow()));
        context.Effects.Add(ParcelEffect.Of(moved));
        await context.SaveChangesAsync(cancellationToken);
    }
}

/// <summary>Found by Wolverine by the name of its method.</summary>
public static class BatchParcelHandler
{
    public static async Task Handle(ParcelMoved[] all, HandledLog handled, IDbContextFactory<EffectContext> contexts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(all);
        ArgumentNullException.ThrowIfNull(handled);
        ArgumentNullException.ThrowIfNull(contexts);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var moved in all)
        {
            handled.Begin(moved);
            context.Inbox.Add(ParcelInbox.Of(moved, TimeProvider.System.GetUtcNow()));
            context.Effects.Add(ParcelEffect.Of(moved));
        }

        await context.SaveChangesAsync(cancellationToken);
    }
}
