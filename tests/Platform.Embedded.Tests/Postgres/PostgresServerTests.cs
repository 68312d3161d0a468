using Npgsql;
using Platform.Embedded.Folders;
using Platform.Embedded.Postgres;
using Platform.Embedded.Processes;

namespace Platform.Embedded.Tests.Postgres;

public sealed class PostgresServerTests : IDisposable
{
    private readonly ThrowawayFolder _folder = ThrowawayFolder.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private PostgresServerOptions Options => new() { Folder = Path.Combine(_folder.Path, "postgres"), Durable = false };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Data_and_password_survive_a_restart_on_another_port()
    {
        await using (var first = await PostgresServer.StartAsync(Options, Stop))
        {
            await ExecuteAsync(first, "CREATE TABLE kept (id int)");
        }
        await using var second = await PostgresServer.StartAsync(Options, Stop);
        await ExecuteAsync(second, "INSERT INTO kept VALUES (1)");
    }

    [Fact]
    public async Task A_wrong_password_is_refused()
    {
        await using var server = await PostgresServer.StartAsync(Options, Stop);
        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("postgres")) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        var exception = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Stop));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, exception.SqlState);
    }

    [Fact]
    public async Task The_password_is_on_no_command_line_and_in_no_file_that_others_may_read()
    {
        await using var server = await PostgresServer.StartAsync(Options, Stop);
        var password = new NpgsqlConnectionStringBuilder(server.ConnectionStringFor("postgres")).Password!;
        Assert.DoesNotContain(password, RunningProcess.CommandLine(server.ProcessId), StringComparison.Ordinal);
        var file = Assert.Single(Directory.GetFiles(Options.Folder));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_start_after_kill_9_recovers_what_was_committed()
    {
        await using (var first = await PostgresServer.StartAsync(Options, Stop))
        {
            await ExecuteAsync(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)");
            Assert.Equal(0, PosixCalls.Kill(first.ProcessId, (int)ChildSignal.Kill));
            await first.Exited;
        }
        await using var second = await PostgresServer.StartAsync(Options, Stop);
        await ExecuteAsync(second, "DELETE FROM kept");
    }

    [Fact]
    public async Task A_lock_file_whose_process_id_belongs_to_another_program_does_not_stop_the_start()
    {
        await using (await PostgresServer.StartAsync(Options, Stop))
        {
        }
        var file = Path.Combine(Options.Folder, "cluster", "postmaster.pid");
        await File.WriteAllTextAsync(file, $"{Environment.ProcessId}\n{Path.GetDirectoryName(file)}\n1\n1\n\n127.0.0.1\n", Stop);
        await using var server = await PostgresServer.StartAsync(Options, Stop);
        await ExecuteAsync(server, "SELECT 1");
    }

    [Fact]
    public async Task A_server_that_was_left_behind_is_ended_by_the_next_start()
    {
        await using var left = await PostgresServer.StartAsync(Options, Stop);
        await using var server = await PostgresServer.StartAsync(Options, Stop);
        await left.Exited.WaitAsync(TimeSpan.FromSeconds(10), Stop);
        await ExecuteAsync(server, "SELECT 1");
    }

    [Fact]
    public async Task A_taken_port_ends_the_start_with_the_servers_own_words()
    {
        await using var first = await PostgresServer.StartAsync(Options, Stop);
        var options = new PostgresServerOptions { Folder = Path.Combine(_folder.Path, "second"), Port = first.Port };
        var exception = await Assert.ThrowsAsync<EmbeddedException>(() => PostgresServer.StartAsync(options, Stop));
        Assert.Contains("Address already in use", exception.Message, StringComparison.Ordinal);
    }

    private static async Task ExecuteAsync(PostgresServer server, string sql)
    {
        await using var source = NpgsqlDataSource.Create(server.ConnectionStringFor("postgres"));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Stop);
    }
}
