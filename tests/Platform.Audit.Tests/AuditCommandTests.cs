using Platform.Testing;

namespace Platform.Audit.Tests;

/// <summary><c>Platform.Worker -- audit</c> as a person runs it.</summary>
public sealed class AuditCommandTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Verify_and_list_tell_what_happened_and_what_was_tampered_with()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        var anchors = Path.GetTempFileName();
        try
        {
            var sealing = scene.Replica(new KeyValuePair<string, string?>("Platform:Audit:AnchorFile", anchors));
            await scene.RecordAsync(new AuditEvent("secrets.rotate", "secret:a", AuditOutcome.Failed, "first\nline") { Actor = "user:1" });
            await scene.RecordAsync(new AuditEvent("binding.violation", "token:b", AuditOutcome.Denied) { Actor = "user:2" });
            await scene.SealAsync(sealing, anchor: true);

            var (code, output) = await scene.WorkerAsync("audit", "verify", "--anchors", anchors);
            Assert.Equal("intact: 2 sealed, 0 pending, 1 anchors, 0 faults", output.Trim());
            Assert.Equal(0, code);

            (code, output) = await scene.WorkerAsync("audit", "list", "--action", "secrets.*", "--outcome", "failed", "--actor", "user:1");
            Assert.Equal(0, code);
            Assert.Contains("Failed secrets.rotate secret:a by user:1", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);

            await scene.TamperAsync("UPDATE platform.core_security_audit SET actor = 'user:3' WHERE actor = 'user:2'");
            (code, output) = await scene.WorkerAsync("audit", "verify", "--anchors", anchors);
            Assert.Equal(1, code);
            Assert.StartsWith("Changed: link 2, position 2", output, StringComparison.Ordinal);

            (code, output) = await scene.WorkerAsync("audit", "verify", "--wrong", "x");
            Assert.Equal(2, code);
        }
        finally
        {
            File.Delete(anchors);
        }
    }

    [Fact]
    public async Task Anchor_is_written_when_its_time_has_come_and_the_head_has_moved()
    {
        await using var scene = await AuditScene.OpenAsync(postgres);
        var anchors = Path.GetTempFileName();
        try
        {
            var sealing = scene.Replica(new("Platform:Audit:AnchorFile", anchors), new("Platform:Audit:AnchorEvery", "1.00:00:00"));
            await scene.RecordAsync(new AuditEvent("test.one", "row"));
            await scene.SealAsync(sealing);
            await scene.RecordAsync(new AuditEvent("test.two", "row"));
            await scene.SealAsync(sealing);
            Assert.Single(await File.ReadAllLinesAsync(anchors, TestContext.Current.CancellationToken));
            await scene.SealAsync(sealing, anchor: true);
            await scene.SealAsync(sealing, anchor: true);
            Assert.Equal(2, (await File.ReadAllLinesAsync(anchors, TestContext.Current.CancellationToken)).Length);
        }
        finally
        {
            File.Delete(anchors);
        }
    }
}
