using Microsoft.Extensions.DependencyInjection;
using Platform.Domain.Persistence;
using Platform.Testing;

namespace Platform.Audit.Tests;

/// <summary>Many write and roll back at once while several seal: every committed entry is in the chain once.</summary>
public sealed class RaceTests(PostgresFixture postgres)
{
    private const int Writers = 8;
    private const int EachWriter = 60;

    [Fact]
    public async Task Chain_has_every_committed_entry_once_while_eight_write_and_three_seal()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        var ended = false;
        var sealers = Enumerable.Range(0, 3).Select(async _ =>
        {
            var replica = scene.Replica();
            while (!Volatile.Read(ref ended))
            {
                await scene.SealAsync(replica);
                Assert.Empty((await scene.VerifyAsync()).Findings);
            }
        }).ToArray();

        var committed = await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(scene, writer)));
        Volatile.Write(ref ended, true);
        await Task.WhenAll(sealers);
        await scene.SealAsync();

        var verdict = await scene.VerifyAsync();
        Assert.Empty(verdict.Findings);
        Assert.Equal(0, verdict.Pending);
        Assert.Equal(committed.Sum(), verdict.Sealed);
        Assert.InRange(committed.Sum(), Writers * EachWriter / 2, Writers * EachWriter);
    }

    // A transaction that draws its position early and commits late is what a plain cursor would lose.
    [Fact]
    public async Task Entry_of_a_transaction_that_commits_late_is_sealed()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await using var slow = scene.Services.CreateAsyncScope();
        var context = slow.ServiceProvider.GetRequiredService<PlatformDbContext>();
        await using (var transaction = await context.Database.BeginTransactionAsync(TestContext.Current.CancellationToken))
        {
            slow.ServiceProvider.GetRequiredService<IAuditTrail>().Record(new AuditEvent("test.slow", "row:0"));
            await context.SaveChangesAsync(TestContext.Current.CancellationToken);
            await scene.FillAsync(1200);
            Assert.Equal(0, await scene.SealAsync());
            await transaction.CommitAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(1, await scene.SealAsync());
        Assert.True((await scene.VerifyAsync()) is { IsIntact: true, Sealed: 1201, Pending: 0 });
    }

    private static async Task<int> WriteAsync(AuditScene scene, int writer)
    {
        var random = new Random(writer);
        var committed = 0;
        for (var i = 0; i < EachWriter; i++)
        {
            var commit = random.Next(4) != 0;
            await scene.RecordAsync(new AuditEvent("test.race", $"writer:{writer}", AuditOutcome.Succeeded, $"{i}"), commit);
            committed += commit ? 1 : 0;
        }

        return committed;
    }
}
