using Npgsql;
using Platform.Testing;

namespace Platform.Audit.Tests;

/// <summary>The database itself refuses to change what is written, and an entry shares the fate of the change that it tells of.</summary>
public sealed class AppendOnlyTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("UPDATE platform.core_security_audit SET actor = 'somebody'")]
    [InlineData("DELETE FROM platform.core_security_audit")]
    [InlineData("TRUNCATE platform.core_security_audit")]
    [InlineData("UPDATE platform.core_security_audit_seal SET hash = '\\x00'")]
    [InlineData("DELETE FROM platform.core_security_audit_seal")]
    [InlineData("TRUNCATE platform.core_security_audit_seal")]
    [InlineData("SET session_replication_role = replica; DELETE FROM platform.core_security_audit")]
    public async Task Database_refuses_to_change_or_remove_rows(string sql)
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.FillAsync(2);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => scene.ExecuteAsync(sql));
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        Assert.True((await scene.VerifyAsync()) is { IsIntact: true, Sealed: 2 });
    }

    [Fact]
    public async Task Entry_goes_with_the_callers_transaction()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.RecordAsync(new AuditEvent("test.rolled-back", "row:1"), commit: false);
        var kept = await scene.RecordAsync(new AuditEvent("test.committed", "row:2") { Actor = "me" });
        Assert.Equal(1, await scene.SealAsync());
        var verdict = await scene.VerifyAsync();
        Assert.True(verdict is { IsIntact: true, Sealed: 1, Pending: 0 });
        Assert.NotEqual(Guid.Empty, kept);
    }

    [Theory]
    [InlineData("nul \0 and half \ud83d of a pair")]
    [InlineData("line\nbreak \" quote ' <tag>")]
    public async Task Whatever_the_text_holds_the_row_is_kept_and_verifies(string text)
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await scene.RecordAsync(new AuditEvent("test.text", text, AuditOutcome.Denied, string.Concat(Enumerable.Repeat(text, 100)))
        {
            Actor = text,
            Details = new Dictionary<string, string> { ["b"] = text, ["a"] = "1" },
        });
        await scene.SealAsync();
        Assert.True((await scene.VerifyAsync()) is { IsIntact: true, Sealed: 1 });
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper.Case")]
    [InlineData("with space")]
    public async Task Action_of_another_form_is_a_mistake_of_the_caller(string action)
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        await Assert.ThrowsAsync<ArgumentException>(() => scene.RecordAsync(new AuditEvent(action, "row:1")));
    }
}
