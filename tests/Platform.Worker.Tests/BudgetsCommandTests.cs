using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Budgets;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Budgets;
using Platform.Testing;

namespace Platform.Worker.Tests;

/// <summary>A pipeline goes by the exit code of <c>budgets check</c>.</summary>
[Collection(WorkerInThisProcess.Name)]
public sealed class BudgetsCommandTests(PostgresFixture postgres)
{
    private const string Fast = "GET /api/v1/products/";
    private const string Slow = "GET /api/v1/sync/";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exit_code_says_whether_a_budget_is_broken()
    {
        await using var database = await postgres.CreateDatabaseAsync(WorkerDatabase.Template, Cancel);
        var nothing = await CheckAsync(database);
        Assert.Equal((1, "Nothing was measured."), (nothing.Code, nothing.Error));

        await MeasureAsync(database, Fast, milliseconds: 20);
        var kept = await CheckAsync(database);
        Assert.Equal(0, kept.Code);
        Assert.Contains("1 routes, 0 over budget", kept.Output, StringComparison.Ordinal);

        // Over the shipped 100, 200 and 500 ms.
        await MeasureAsync(database, Slow, milliseconds: 900);
        var broken = await CheckAsync(database);
        Assert.Equal(1, broken.Code);
        Assert.Contains("2 routes, 1 over budget", broken.Output, StringComparison.Ordinal);
        Assert.Matches($"{Slow} +200 +0 .*p50 over 100 ms, p95 over 200 ms, p99 over 500 ms", broken.Output);

        // One route alone, and one that nobody asked.
        Assert.Equal(0, (await CheckAsync(database, "--route", Fast)).Code);
        Assert.Equal(1, (await CheckAsync(database, "--route", "/none")).Code);
    }

    [Theory]
    [InlineData("budgets")]
    [InlineData("budgets", "check", "--minutes", "0")]
    [InlineData("budgets", "check", "--minutes", "ten")]
    [InlineData("budgets", "check", "--route", "no route")]
    public async Task Wrong_use_is_told_from_a_broken_budget(params string[] arguments)
    {
        var outcome = await WorkerProgram.RunAsync(null, arguments);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("usage: budgets check", outcome.Error, StringComparison.Ordinal);
    }

    private static Task<ProgramOutcome> CheckAsync(TestDatabase database, params string[] more) =>
        WorkerProgram.RunAsync(database.ConnectionString, ["budgets", "check", "--minutes", "10", .. more]);

    private static async Task MeasureAsync(TestDatabase database, string route, double milliseconds)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddDbContext<PlatformDbContext>(options =>
            {
                options.UseNpgsql(database.ConnectionString);
                options.UsePlatformConventions();
            })
            .AddBudgetStore<PlatformDbContext>()
            .BuildServiceProvider();
        var recorder = new SketchRecorder();
        for (var i = 0; i < 200; i++)
        {
            recorder.Add(milliseconds);
        }

        var now = TimeProvider.System.GetUtcNow();
        var minute = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero);
        await services.GetRequiredService<IBudgetStore>().SaveAsync(Guid.CreateVersion7(), minute, [new RouteSlice(route, 0, 0, recorder.Take())], Cancel);
    }
}
