using Npgsql;
using Platform.EntityFrameworkCore.Connections;
using Platform.Messaging.Tests.Support;
using Platform.Testing;

namespace Platform.Messaging.Tests.Lanes;

public sealed class NoticeWaitTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Wait_ends_when_it_is_cancelled_at_whatever_moment_and_the_connection_can_be_used_on()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        for (var round = 0; round < 3_000; round++)
        {
            using var cancel = new CancellationTokenSource();
            using var barrier = new Barrier(2);
            var cancelling = Task.Run(() =>
            {
                barrier.SignalAndWait();
                Thread.SpinWait(round % 300);
                cancel.Cancel();
            });
            barrier.SignalAndWait(TestContext.Current.CancellationToken);
            var waiting = connection.NextNoticeAsync(cancel.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            await cancelling;
        }

        await using var command = new NpgsqlCommand("SELECT 1", connection);
        Assert.Equal(1, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Notice_ends_the_wait()
    {
        await using var database = await ShopDatabase.CreateAsync(postgres);
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        var heard = new List<string>();
        connection.Notification += (_, notice) => heard.Add(notice.Payload);
        await ExecuteAsync(connection, "LISTEN test");
        var waiting = connection.NextNoticeAsync(TestContext.Current.CancellationToken);
        await using var other = new NpgsqlConnection(database.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);

        // Past the end of the first wait.
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await ExecuteAsync(other, "NOTIFY test, 'news'");
        await waiting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(["news"], heard);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
