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
    [InlineData("40001", "DATABASE_ERROR", true)]
    [InlineData("40P01", "DATABASE_ERROR", true)]
    [InlineData("55P03", "DATABASE_ERROR", true)]
    [InlineData("57014", "TIMEOUT", false)]
    [InlineData("53300", "DATABASE_ERROR", true)]
    [InlineData("57P03", "DATABASE_ERROR", true)]
    [InlineData("25006", "DATABASE_ERROR", true)]
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
