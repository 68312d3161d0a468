using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Api.Tests.Support;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Errors;
using Platform.Errors;

namespace Platform.Api.Tests.Errors;

/// <summary>What the caller is told of PostgreSQL's errors, with the server's own exceptions.</summary>
public sealed class DatabaseErrorTests(SeededDatabase seeded) : IClassFixture<SeededDatabase>
{
    private readonly IErrorTranslator _translator =
        new ServiceCollection().AddDatabaseErrors().BuildServiceProvider().GetRequiredService<IErrorTranslator>();

    [Theory]
    [InlineData("23505", "RESOURCE_ALREADY_EXISTS", false)]
    [InlineData("23503", "BUSINESS_RULE_VIOLATION", false)]
    [InlineData("23001", "BUSINESS_RULE_VIOLATION", false)]
    [InlineData("23514", "BUSINESS_RULE_VIOLATION", false)]
    [InlineData("23P01", "RESOURCE_ALREADY_EXISTS", false)]
    [InlineData("40001", "DATABASE_ERROR", true)]
    [InlineData("40P01", "DATABASE_ERROR", true)]
    [InlineData("55P03", "DATABASE_ERROR", true)]
    [InlineData("57014", "TIMEOUT", false)]
    [InlineData("53300", "DATABASE_ERROR", true)]
    [InlineData("57P03", "DATABASE_ERROR", true)]
    [InlineData("25006", "DATABASE_ERROR", true)]
    [InlineData("25P03", "DATABASE_ERROR", true)]
    [InlineData("25P04", "TIMEOUT", false)]
    [InlineData("28P01", "DATABASE_ERROR", true)]
    [InlineData("XX000", "INTERNAL_ERROR", false)]
    [InlineData("22021", "INVALID_INPUT", false)]
    [InlineData("22003", "INVALID_INPUT", false)]
    [InlineData("42P01", "INTERNAL_ERROR", false)]
    [InlineData("23502", "INTERNAL_ERROR", false)]
    public async Task Error_of_the_server_becomes_the_code_that_fits_and_its_text_stays_inside(string state, string code, bool again)
    {
        await using var context = Context(retry: true);
        var sql = $"DO $$ BEGIN RAISE EXCEPTION 'secret of commerce.orders' USING ERRCODE = '{state}'; END $$";
        var thrown = await Assert.ThrowsAnyAsync<Exception>(
            () => context.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken));
        var error = _translator.Translate(thrown)!;
        Assert.Equal(code, error.Code.Code);
        Assert.Equal(again, error.RetryAfter is not null);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
        Assert.Same(thrown, error.InnerException);
    }

    [Theory]
    [InlineData("CREATE TEMP TABLE copy AS SELECT * FROM commerce.products LIMIT 1; UPDATE copy SET id = gen_random_uuid(); INSERT INTO commerce.products SELECT * FROM copy", "RESOURCE_ALREADY_EXISTS")]
    [InlineData("DELETE FROM commerce.customers WHERE id IN (SELECT customer_id FROM commerce.orders)", "BUSINESS_RULE_VIOLATION")]
    [InlineData("CREATE TEMP TABLE stock (pieces int CHECK (pieces >= 0)); INSERT INTO stock VALUES (-1)", "BUSINESS_RULE_VIOLATION")]
    [InlineData("CREATE TEMP TABLE stay (nights int4range, EXCLUDE USING gist (nights WITH &&)); INSERT INTO stay VALUES ('[1,3]'), ('[2,4]')", "RESOURCE_ALREADY_EXISTS")]
    public async Task Constraint_that_is_broken_is_told_as_what_it_means(string sql, string code)
    {
        await using var connection = await OpenAsync();
        var error = _translator.Translate(await Assert.ThrowsAsync<PostgresException>(() => RunAsync(connection, sql)))!;
        Assert.Equal(code, error.Code.Code);
        Assert.DoesNotMatch("commerce|copy|stock|stay|violates", error.Message);
    }

    [Fact]
    public async Task Of_two_transactions_that_undo_each_other_one_is_told_to_try_again()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        const string change = "UPDATE commerce.products SET name = name WHERE id = (SELECT id FROM commerce.products ORDER BY id LIMIT 1)";
        await RunAsync(one, $"BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1 FROM commerce.products LIMIT 1");
        await RunAsync(two, change);
        AssertBusy(await Record.ExceptionAsync(() => RunAsync(one, change)));
    }

    [Fact]
    public async Task Of_two_transactions_that_wait_for_each_other_one_is_told_to_try_again()
    {
        await using var one = await OpenAsync();
        await using var two = await OpenAsync();
        await RunAsync(one, "SET deadlock_timeout = '10ms'; BEGIN; SELECT pg_advisory_xact_lock(711)");
        await RunAsync(two, "SET deadlock_timeout = '10ms'; BEGIN; SELECT pg_advisory_xact_lock(712)");
        var thrown = await Task.WhenAll(
            Record.ExceptionAsync(() => RunAsync(one, "SELECT pg_advisory_xact_lock(712); COMMIT")).AsTask(),
            Record.ExceptionAsync(() => RunAsync(two, "SELECT pg_advisory_xact_lock(711); COMMIT")).AsTask());
        AssertBusy(Assert.Single(thrown, exception => exception is not null));
    }

    [Fact]
    public async Task Connection_that_the_server_ends_or_does_not_take_is_away()
    {
        await using var ended = await OpenAsync();
        await using var other = await OpenAsync();
        var waiting = Record.ExceptionAsync(() => RunAsync(ended, "SELECT pg_sleep(30)")).AsTask();
        await RunAsync(other, $"SELECT pg_terminate_backend({ended.ProcessID}, 5000)");
        Assert.Equal(ErrorCode.DatabaseError, _translator.Translate((await waiting)!)!.Code);

        var role = $"crowded_{Random.Shared.Next():x}";
        await RunAsync(other, $"CREATE ROLE {role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0");
        await using var crowded = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(seeded.Database.ConnectionString) { Username = role, Password = "x" }.ConnectionString);
        var refused = await Assert.ThrowsAsync<PostgresException>(() => crowded.OpenAsync(TestContext.Current.CancellationToken));
        await RunAsync(other, $"DROP ROLE {role}");
        Assert.Equal((PostgresErrorCodes.TooManyConnections, ErrorCode.DatabaseError), (refused.SqlState, _translator.Translate(refused)!.Code));
    }

    [Fact]
    public async Task Two_who_change_one_row_at_once_are_told_apart()
    {
        await using var first = Context();
        await using var second = Context();
        var (one, other) = (await first.Products.FirstAsync(TestContext.Current.CancellationToken), await second.Products.FirstAsync(TestContext.Current.CancellationToken));
        first.Entry(one).Property(product => product.Active).CurrentValue = false;
        second.Entry(other).Property(product => product.Active).CurrentValue = false;
        await first.SaveChangesAsync(TestContext.Current.CancellationToken);
        var thrown = await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => second.SaveChangesAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.OperationNotAllowed, _translator.Translate(thrown)!.Code);
    }

    [Fact]
    public async Task Command_that_takes_too_long_is_a_timeout()
    {
        await using var context = Context();
        context.Database.SetCommandTimeout(1);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(
            () => context.Database.ExecuteSqlRawAsync("SELECT pg_sleep(30)", TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.Timeout, _translator.Translate(thrown)!.Code);
    }

    [Fact]
    public async Task Server_that_nobody_answers_for_is_away()
    {
        await using var connection = new NpgsqlConnection("Host=127.0.0.1;Port=1;Username=x;Database=x");
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => connection.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.DatabaseError, _translator.Translate(thrown)!.Code);
    }

    [Fact]
    public async Task Pool_that_is_exhausted_is_away_for_the_moment()
    {
        var pool = new NpgsqlConnectionStringBuilder(seeded.Database.ConnectionString) { MaxPoolSize = 1, Timeout = 1 }.ConnectionString;
        await using var holding = new NpgsqlConnection(pool);
        await holding.OpenAsync(TestContext.Current.CancellationToken);
        await using var waiting = new NpgsqlConnection(pool);
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => waiting.OpenAsync(TestContext.Current.CancellationToken));
        Assert.Equal(ErrorCode.DatabaseError, _translator.Translate(thrown)!.Code);
    }

    [Fact]
    public void Exception_of_another_library_is_left_to_others() => Assert.Null(_translator.Translate(new InvalidOperationException("x")));

    private void AssertBusy(Exception? thrown)
    {
        var error = _translator.Translate(thrown!)!;
        Assert.Equal((ErrorCode.DatabaseError, TimeSpan.FromSeconds(1)), (error.Code, error.RetryAfter));
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(seeded.Database.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    private PlatformDbContext Context(bool retry = false)
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>();
        options.UseNpgsql(seeded.Database.ConnectionString, npgsql =>
        {
            if (retry)
            {
                npgsql.EnableRetryOnFailure(1, TimeSpan.FromMilliseconds(1), null);
            }
        });
        options.UseSnakeCaseNamingConvention();
        return new PlatformDbContext(options.Options);
    }
}
