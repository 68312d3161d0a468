using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.Audit;
using Platform.Testing;

namespace Platform.Audit.Tests;

/// <summary>Somebody who owns the database, and not the key, cannot change the past unseen.</summary>
public sealed class TamperTests(PostgresFixture postgres)
{
    private const string Audit = "platform.core_security_audit";
    private const string Seals = "platform.core_security_audit_seal";
    private const string Head = "platform.core_security_audit_head";

    [Theory]
    [InlineData("UPDATE {0} SET actor = 'somebody else' WHERE position = 5", AuditFault.Changed, 5)]
    [InlineData("UPDATE {0} SET reason = NULL WHERE position = 5", AuditFault.Changed, 5)]
    [InlineData("UPDATE {0} SET occurred_at = occurred_at + interval '1 microsecond' WHERE position = 5", AuditFault.Changed, 5)]
    [InlineData("UPDATE {0} SET outcome = 'Nonsense' WHERE position = 5", AuditFault.Changed, 5)]
    [InlineData("UPDATE {0} SET key_id = 7 WHERE position = 5", AuditFault.UnknownKey, 5)]
    [InlineData("DELETE FROM {0} WHERE position = 5", AuditFault.Removed, 5)]
    [InlineData("DELETE FROM {0} WHERE position = 5; DELETE FROM {1} WHERE position = 5", AuditFault.ChainBroken, 5)]
    [InlineData("DELETE FROM {0} WHERE position = 5; DELETE FROM {1} WHERE position = 5; UPDATE {1} SET sequence = sequence - 1 WHERE sequence > 5", AuditFault.ChainBroken, 5)]
    [InlineData("UPDATE {1} SET position = -position; UPDATE {1} SET position = CASE -position WHEN 5 THEN 6 WHEN 6 THEN 5 ELSE -position END", AuditFault.ChainBroken, 5)]
    [InlineData("UPDATE {0} SET position = -position; UPDATE {0} SET position = CASE -position WHEN 5 THEN 6 WHEN 6 THEN 5 ELSE -position END", AuditFault.ChainBroken, 5)]
    [InlineData("UPDATE {1} SET hash = decode(repeat('ab', 32), 'hex') WHERE sequence = 5", AuditFault.ChainBroken, 5)]
    [InlineData("DELETE FROM {0} WHERE position > 8; DELETE FROM {1} WHERE sequence > 8", AuditFault.Truncated, 9)]
    [InlineData("TRUNCATE {0}; TRUNCATE {1}; DELETE FROM {2}", AuditFault.Truncated, 10)]
    public async Task Change_is_found_with_its_place(string sql, AuditFault fault, long sequence)
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(10);
        var anchor = AnchorOf(scene, await HeadAsync(scene));
        Assert.True((await scene.VerifyAsync(anchor)).IsIntact);

        await scene.TamperAsync(string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, Audit, Seals, Head));
        var verdict = await scene.VerifyAsync(anchor);
        Assert.False(verdict.IsIntact);
        Assert.Equal((fault, sequence), (verdict.Findings[0].Fault, verdict.Findings[0].Sequence!.Value));
    }

    [Fact]
    public async Task Row_that_nobody_with_the_key_wrote_is_found_and_never_sealed()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(3);
        await scene.ExecuteAsync($"""
            INSERT INTO {Audit} (id, occurred_at, actor, action, target, outcome, source, key_id, code)
            SELECT gen_random_uuid(), now(), actor, action, target, outcome, source, key_id, code FROM {Audit} WHERE position = 1
            """);
        await scene.FillAsync(1);
        var verdict = await scene.VerifyAsync();
        Assert.Equal(AuditFault.Inserted, Assert.Single(verdict.Findings).Fault);
        Assert.Equal(4, verdict.Sealed);
    }

    [Fact]
    public async Task Genuine_row_put_back_at_another_place_is_found()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(3);
        await scene.TamperAsync($"UPDATE {Audit} SET position = 0 WHERE position = 2");
        var verdict = await scene.VerifyAsync();
        Assert.Equal([AuditFault.Removed, AuditFault.Inserted], verdict.Findings.Select(finding => finding.Fault));
    }

    [Fact]
    public async Task Cut_off_tail_is_found_by_the_anchor_alone()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(6);
        var anchor = AnchorOf(scene, await HeadAsync(scene));
        await CutAsync(scene, 4);

        // The head was set back as well, so nothing in the database tells.
        Assert.True((await scene.VerifyAsync()).IsIntact);
        var found = await scene.VerifyAsync(anchor);
        Assert.Equal((AuditFault.Truncated, 6), (found.Findings[0].Fault, found.Findings[0].Sequence!.Value));

        // Another worker goes on from there: the anchor then knows another link.
        await scene.RecordAsync(new AuditEvent("test.after", "row"));
        await scene.RecordAsync(new AuditEvent("test.after", "row"));
        await scene.SealAsync(scene.Replica());
        Assert.True((await scene.VerifyAsync()).IsIntact);
        Assert.Equal(AuditFault.Rewritten, (await scene.VerifyAsync(anchor)).Findings[0].Fault);
    }

    [Fact]
    public async Task Worker_that_saw_more_seals_no_further()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(6);
        await CutAsync(scene, 4);
        await scene.RecordAsync(new AuditEvent("test.after", "row"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => scene.SealAsync());
    }

    [Fact]
    public async Task Anchor_without_the_key_is_no_anchor()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(2);
        var anchor = AnchorOf(scene, await HeadAsync(scene));
        Assert.Equal(AuditFault.ForgedAnchor, Assert.Single((await scene.VerifyAsync("9" + anchor)).Findings).Fault);
        Assert.Equal(AuditFault.ForgedAnchor, Assert.Single((await scene.VerifyAsync("nonsense")).Findings).Fault);
    }

    [Fact]
    public async Task Entries_under_an_earlier_key_go_on_being_verified()
    {
        const string Next = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=";
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(3);
        var rotated = scene.Replica(new("Platform:Audit:Key", Next), new("Platform:Audit:PreviousKeys:0", AuditScene.Key));
        await using (var scope = rotated.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<IAuditTrail>().RecordAloneAsync(new AuditEvent("test.next", "row"), TestContext.Current.CancellationToken);
        }

        await scene.SealAsync(rotated);
        var verification = rotated.GetRequiredService<AuditVerification>();
        Assert.True((await verification.RunAsync([], TestContext.Current.CancellationToken)) is { IsIntact: true, Sealed: 4 });
        Assert.Equal(AuditFault.UnknownKey, (await scene.VerifyAsync()).Findings[0].Fault);
    }

    private static Task CutAsync(AuditScene scene, int last) => scene.TamperAsync($"""
        DELETE FROM {Audit} WHERE position > {last}; DELETE FROM {Seals} WHERE sequence > {last};
        UPDATE {Head} SET sequence = {last}, hash = (SELECT hash FROM {Seals} WHERE sequence = {last})
        """);

    private static string AnchorOf(AuditScene scene, (long Sequence, byte[] Hash) head) => AuditAnchor.Make(
        scene.Services.GetRequiredService<Lazy<AuditKeys>>().Value, head.Sequence, head.Hash, TimeProvider.System.GetUtcNow()).ToString();

    private static async Task<(long Sequence, byte[] Hash)> HeadAsync(AuditScene scene)
    {
        await using var connection = new Npgsql.NpgsqlConnection(scene.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new Npgsql.NpgsqlCommand($"SELECT sequence, hash FROM {Head}", connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        return (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
    }
}
