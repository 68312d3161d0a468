using System.Diagnostics;
using Npgsql;
using Platform.Testing;

namespace Platform.EndToEnd.Tests;

/// <summary>The worker is killed while it works; the engine starts it again.</summary>
[Collection("one platform, and one test kills its worker")]
public sealed class WorkerCrashTests(RunningPlatform platform)
{
    private const int OrderCount = 500;
    private const int Kills = 10;

    [Fact]
    public async Task Every_order_becomes_paid_exactly_once_though_the_worker_is_killed_ten_times()
    {
        using var api = await platform.ClientAsync();
        var customer = await api.FirstIdAsync("customers");
        var product = await api.FirstIdAsync("products");
        await using var database = NpgsqlDataSource.Create(platform.Postgres);

        var orders = new List<string>();
        var placing = Task.Run(async () =>
        {
            for (var i = 0; i < OrderCount; i++)
            {
                orders.Add(await api.PlaceOrderAsync(customer, product));
            }
        });

        // Each kill waits until the worker has handled something since the last one, so that it always hits work in progress.
        var paid = 0L;
        for (var i = 0; i < Kills; i++)
        {
            await Eventually.BecomesTrueAsync(async () => await PaidSinceStartAsync(database) > paid, TimeSpan.FromSeconds(60));
            paid = await PaidSinceStartAsync(database);
            Signals.Send(await WorkerProcessAsync(platform), Signals.Kill);
        }

        await placing;
        await Eventually.BecomesTrueAsync(async () => await NotPaidAsync(database, orders) == 0, TimeSpan.FromSeconds(120));

        Assert.Equal(OrderCount, await CountAsync(database, "select count(*) from commerce.payments where order_id = any($1)", orders));
        foreach (var order in orders)
        {
            Assert.Equal(["captured"], (await platform.ChargesAsync(order)).Select(charge => charge.Status));
        }
    }

    private static Task<long> PaidSinceStartAsync(NpgsqlDataSource database) =>
        CountAsync(database, "select count(*) from commerce.payments", null);

    private static Task<long> NotPaidAsync(NpgsqlDataSource database, List<string> orders) =>
        CountAsync(database, "select count(*) from commerce.orders where status <> 'paid' and id = any($1)", orders);

    private static async Task<long> CountAsync(NpgsqlDataSource database, string sql, List<string>? orders)
    {
        await using var command = database.CreateCommand(sql);
        if (orders is not null)
        {
            command.Parameters.AddWithValue(orders.Select(Guid.Parse).ToArray());
        }

        return (long)(await command.ExecuteScalarAsync())!;
    }

    // The worker that serves now: a child of this test's own AppHost, so no other platform on the machine is touched.
    internal static async Task<int> WorkerProcessAsync(RunningPlatform platform)
    {
        int? found = null;
        await Eventually.BecomesTrueAsync(
            () =>
            {
                found = DescendantsOf(platform.ProcessId).Cast<int?>().FirstOrDefault(id =>
                    CommandLine(id!.Value) is var line
                    && line.Contains("Platform.Worker.dll", StringComparison.Ordinal)
                    && !line.Contains("migrate", StringComparison.Ordinal));
                return Task.FromResult(found is not null);
            },
            TimeSpan.FromSeconds(30));
        return found!.Value;
    }

    private static IEnumerable<int> DescendantsOf(int ancestor)
    {
        var parents = Process.GetProcesses().Select(process => (process.Id, Parent: ParentOf(process.Id))).ToLookup(pair => pair.Parent, pair => pair.Id);
        var queue = new Queue<int>(parents[ancestor]);
        while (queue.TryDequeue(out var id))
        {
            yield return id;
            foreach (var child in parents[id])
            {
                queue.Enqueue(child);
            }
        }
    }

    // Linux' /proc: the field behind the command's name in parentheses and the state.
    private static int ParentOf(int id)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return -1;
        }
    }

    private static string CommandLine(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/cmdline").Replace('\0', ' ');
        }
        catch (IOException)
        {
            return "";
        }
    }
}
