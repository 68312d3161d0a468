using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Platform.Domain.Customers;
using Platform.Redaction.Subjects;
using Platform.Testing;

namespace Platform.Audit.Tests;

/// <summary>A person is taken out of entries that are written, and the trail stays as hard to change unseen as it was.</summary>
public sealed class ErasureTests(PostgresFixture postgres)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Person_goes_from_reasons_and_details_sealed_or_not_and_the_chain_stays_whole()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        var (jane, kim) = (await RegisterAsync(scene, "Jane O'Hara-Dvořák", "jane+1@personal-canary.org"), await RegisterAsync(scene, "Kim Li", "kim@personal-canary.org"));
        await scene.RecordAsync(new AuditEvent("test.change", "flag:a", AuditOutcome.Succeeded, "jane o'hara-dvořák and Kim Li asked; Dvořák is a composer")
        {
            Details = new Dictionary<string, string> { ["before"] = "on for O'Hara-Dvořák, Jane", ["after"] = "off", ["count"] = "1" },
        });
        await scene.RecordAsync(new AuditEvent("test.about", $"customer:{jane}", AuditOutcome.Denied, "Jane called, the other jane did not"));
        await scene.RecordAsync(new AuditEvent("test.other", "flag:b", AuditOutcome.Succeeded, "Jane Smith asked"));
        await scene.SealAsync();
        await scene.RecordAsync(new AuditEvent("test.late", "flag:c", AuditOutcome.Succeeded, "unsealed: Jane O'Hara-Dvořák"));
        var before = await scene.VerifyAsync();
        Assert.Equal((true, 3L, 1L), (before.IsIntact, before.Sealed, before.Pending));

        var export = await RequestAsync(scene, requests => requests.ExportAsync(jane, "dpo", Cancel));
        Assert.Equal(3, export.Data["audit"].AsArray().Count);
        var erased = await RequestAsync(scene, requests => requests.EraseAsync(jane, "asked by Jane, jane+1@personal-canary.org", "dpo", Cancel));
        Assert.Equal(3, erased.Changed["audit"]);
        await scene.SealAsync();

        Assert.Equal(
            ["[redacted] and Kim Li asked; Dvořák is a composer", "[redacted] called, the other [redacted] did not", "Jane Smith asked", "unsealed: [redacted]", "-", "asked by [redacted], [redacted]"],
            await TextsAsync(scene, "reason"));
        Assert.Equal("""{"after":"off","before":"on for [redacted]","count":"1"}""", (await TextsAsync(scene, "details"))[0]);
        var after = await scene.VerifyAsync();
        Assert.Empty(after.Findings);
        Assert.Equal((6L, 0L, 3L), (after.Sealed, after.Pending, after.Erased));

        // Another person in a row that was erased from before.
        await RequestAsync(scene, requests => requests.EraseAsync(kim, "asked", "dpo", Cancel));
        Assert.Equal("[redacted] and [redacted] asked; Dvořák is a composer", (await TextsAsync(scene, "reason"))[0]);
        Assert.Empty((await scene.VerifyAsync()).Findings);

        var (code, output) = await scene.WorkerAsync("audit", "verify");
        Assert.Equal((0, "intact: 6 sealed, 1 pending, 0 anchors, 0 faults, 3 without an erased person"), (code, output.Trim()));
    }

    [Fact]
    public async Task Database_lets_an_erasure_change_texts_and_nothing_else()
    {
        await using var scene = await ErasedAsync();
        foreach (var sql in new[]
        {
            "UPDATE platform.core_security_audit SET reason = 'x'",
            "SET LOCAL platform.erasing = on; UPDATE platform.core_security_audit SET actor = 'x'",
            "SET LOCAL platform.erasing = on; UPDATE platform.core_security_audit SET reason = 'x', code = '\\x00'",
            "SET LOCAL platform.erasing = on; DELETE FROM platform.core_security_audit",
        })
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => scene.ExecuteAsync($"BEGIN; {sql}; COMMIT"));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }

        Assert.True((await scene.VerifyAsync()).IsIntact);
    }

    [Theory]
    [InlineData("SET LOCAL platform.erasing = on; UPDATE platform.core_security_audit SET reason = 'x' WHERE position = 1")]
    [InlineData("SET LOCAL platform.erasing = on; UPDATE platform.core_security_audit SET reason = 'x' WHERE position = 2")]
    [InlineData("DELETE FROM platform.core_security_audit_erasure")]
    [InlineData("INSERT INTO platform.core_security_audit_erasure SELECT a.id, e.erased_at, e.key_id, e.code FROM platform.core_security_audit_erasure e, platform.core_security_audit a WHERE a.position = 2; SET LOCAL platform.erasing = on; UPDATE platform.core_security_audit SET reason = '[redacted]' WHERE position = 2")]
    public async Task Text_that_is_changed_without_the_key_under_the_pretext_of_an_erasure_is_found(string sql)
    {
        await using var scene = await ErasedAsync();

        await scene.ExecuteAsync($"BEGIN; {sql}; COMMIT");

        Assert.Equal(AuditFault.Changed, Assert.Single((await scene.VerifyAsync()).Findings).Fault);
    }

    [Fact]
    public async Task Row_that_somebody_changed_before_stays_a_finding_when_a_person_goes_from_it()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        var jane = await RegisterAsync(scene, "Jane Dvorak", "jane@personal-canary.org");
        await scene.RecordAsync(new AuditEvent("test.one", "flag:a", AuditOutcome.Succeeded, "Jane Dvorak") { Actor = "mallory" });
        await scene.SealAsync();
        await scene.TamperAsync("UPDATE platform.core_security_audit SET actor = 'ada'");

        await RequestAsync(scene, requests => requests.EraseAsync(jane, "asked", "dpo", Cancel));

        Assert.Equal("[redacted]", (await TextsAsync(scene, "reason"))[0]);
        Assert.Equal(AuditFault.Changed, Assert.Single((await scene.VerifyAsync()).Findings).Fault);
    }

    // Of two entries the first was erased from.
    private async Task<AuditScene> ErasedAsync()
    {
        var scene = await AuditScene.OpenAsync(postgres);
        var jane = await RegisterAsync(scene, "Jane Dvorak", "jane@personal-canary.org");
        await scene.RecordAsync(new AuditEvent("test.one", "flag:a", AuditOutcome.Succeeded, "Jane Dvorak"));
        await scene.RecordAsync(new AuditEvent("test.two", "flag:a", AuditOutcome.Succeeded, "somebody else"));
        await RequestAsync(scene, requests => requests.EraseAsync(jane, "asked", "dpo", Cancel));
        await scene.SealAsync();
        var verdict = await scene.VerifyAsync();
        Assert.Equal((true, 1L), (verdict.IsIntact, verdict.Erased));
        return scene;
    }

    private static async Task<Guid> RegisterAsync(AuditScene scene, string name, string email)
    {
        await using var scope = scene.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<RegisterCustomer>().HandleAsync(new CustomerDetails(name, email), Cancel)).Id.Value;
    }

    private static async Task<T> RequestAsync<T>(AuditScene scene, Func<ISubjectRequests, Task<T>> ask)
    {
        await using var scope = scene.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<ISubjectRequests>());
    }

    private static async Task<List<string>> TextsAsync(AuditScene scene, string column)
    {
        await using var connection = new NpgsqlConnection(scene.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand($"SELECT coalesce({column}, '-') FROM platform.core_security_audit ORDER BY position", connection);
        await using var reader = await command.ExecuteReaderAsync(Cancel);
        var texts = new List<string>();
        while (await reader.ReadAsync(Cancel))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }
}
