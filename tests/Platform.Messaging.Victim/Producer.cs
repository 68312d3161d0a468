using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Messaging.Tests.Support;

namespace Platform.Messaging.Victim;

/// <summary>Raises the number of an aggregate and tells of it, in one transaction, again and again, whatever happens to the database.</summary>
internal static class Producer
{
    public static async Task RunAsync(IServiceProvider services, int events, int aggregates)
    {
        var random = new Random(Environment.ProcessId);
        for (var done = 0; done < events;)
        {
            try
            {
                await RaiseAsync(services, $"clock {random.Next(aggregates)}", random.Next(20) == 0);
                done++;
            }
            catch (Exception exception) when (exception is NpgsqlException or DbUpdateException or InvalidOperationException or IOException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private static async Task RaiseAsync(IServiceProvider services, string aggregate, bool rollBack)
    {
        await using var scope = services.CreateAsyncScope();
        var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
        var outbox = scope.ServiceProvider.GetRequiredService<IOutbox>();
        await using var transaction = await shop.Database.BeginTransactionAsync();
        var number = (await shop.Database.SqlQuery<int>($"UPDATE clocks SET number = number + 1 WHERE name = {aggregate} RETURNING number").ToListAsync())[0];
        if (number % 10 == 0)
        {
            outbox.Enqueue(new Tocked(aggregate, number));
        }
        else
        {
            outbox.Enqueue(new Ticked(aggregate, number));
        }

        await shop.SaveChangesAsync();
        await (rollBack ? transaction.RollbackAsync() : transaction.CommitAsync());
    }
}
