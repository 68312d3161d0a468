using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Platform.Errors;
using Platform.Secrets.Tests.Support;
using Platform.Testing;

namespace Platform.Secrets.Tests.Engine;

public sealed class EngineTests(PostgresFixture postgres)
{
    private const string Name = "thing";

    private readonly ScriptedRotator _rotator = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Steps_follow_each_other_and_the_intent_of_each_is_saved_before_it_begins()
    {
        await using var scene = await SceneAsync();
        var intents = new List<string>();
        _rotator.OnStep = async (step, _) =>
        {
            var status = await scene.StatusAsync(Name);
            intents.Add($"{step}: {status.Rotation!.State} {status.Rotation.Step}, {string.Join(' ', status.Versions.Select(version => version.Stage))}");
        };

        var first = await scene.RotateAsync(Name);
        Assert.Equal(RotationState.Overlapping, first.State);
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);
        var second = await scene.RotateAsync(Name);

        Assert.Equal(
            [
                "create: Running Create, ", "set: Running Set, Pending", "test: Running Test, Pending", "finish: Running Finish, Pending", "retire: Overlapping Retire, Current",
                "create: Running Create, Current", "set: Running Set, Pending Current", "test: Running Test, Pending Current", "finish: Running Finish, Pending Current",
            ],
            intents);
        var secret = await scene.OpenSecretAsync(Name);
        Assert.Equal(("very-secret-value-2", "very-secret-value-1"), (secret.Current!.Value, secret.Previous!.Value));
        Assert.Equal(second.Version, secret.Current.Id);
        Assert.Equal(2, (await scene.QueryAsync<string>("SELECT aggregate_id FROM platform.core_outbox_event WHERE event_type = 'secrets.rotated.v1'")).Count);
    }

    [Fact]
    public async Task Every_step_is_audited_and_no_value_is_anywhere_in_the_clear()
    {
        await using var scene = await SceneAsync();
        _rotator.OnStep = (step, _) => step == "test" && _rotator.Calls.Count(call => call == "test") == 1
            ? throw new HttpRequestException("the answer held very-secret-value-1")
            : Task.CompletedTask;
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        await scene.Engine.ResumeAsync(Name, Cancel);

        Assert.Equal(
            ["begin Succeeded", "create Succeeded", "set Succeeded", "test Failed", "test Succeeded", "finish Succeeded"],
            await scene.QueryAsync<string>(
                "SELECT replace(action, 'secrets.rotation.', '') || ' ' || initcap(outcome) FROM platform.core_security_audit WHERE target = 'secret:thing' ORDER BY position"));
        Assert.Equal(["ada"], await scene.QueryAsync<string>("SELECT DISTINCT actor FROM platform.core_security_audit WHERE target = 'secret:thing'"));
        foreach (var table in await scene.QueryAsync<string>("SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('platform', 'commerce')"))
        {
            Assert.Empty(await scene.QueryAsync<string>($"SELECT t::text FROM {table} t WHERE t::text LIKE '%very-secret%' OR t::text LIKE '%{Convert.ToHexStringLower("very-secret"u8)}%'"));
        }
    }

    [Fact]
    public async Task Rotation_that_crashed_goes_on_where_it_was_under_the_same_version()
    {
        await using var scene = await SceneAsync();
        Guid? version = null;
        _rotator.OnStep = (step, context) =>
        {
            version ??= context.Version;
            Assert.Equal(version, context.Version);
            return step == "set" && _rotator.Calls.Count(call => call == "set") == 1 ? throw new InvalidOperationException("crash") : Task.CompletedTask;
        };
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        var rotation = await scene.Engine.ResumeAsync(Name, Cancel);

        Assert.Equal((RotationState.Overlapping, version), (rotation!.State, rotation.Version));
        Assert.Equal(["create", "set", "set", "test", "finish"], _rotator.Calls);
    }

    [Fact]
    public async Task Step_that_never_works_is_given_up_after_the_limit_and_taken_back_with_an_event()
    {
        await using var scene = await SceneAsync(("Platform:Secrets:MaxAttempts", "2"));
        await RotateAndCompleteAsync(scene);
        _rotator.OnStep = (step, _) => step == "test" ? throw new RotationException("it is refused") : Task.CompletedTask;

        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        await Assert.ThrowsAsync<RotationException>(() => scene.Engine.ResumeAsync(Name, Cancel));
        Assert.Equal(RotationState.RollingBack, (await scene.StatusAsync(Name)).Rotation!.State);
        Assert.Equal(RotationState.Failed, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);

        Assert.Equal("discard very-secret-value-2", _rotator.Calls.Last());
        var secret = await scene.OpenSecretAsync(Name);
        Assert.Equal("very-secret-value-1", Assert.Single(secret.Versions).Value);
        Assert.Equal(["it is refused"], await scene.QueryAsync<string>("SELECT payload ->> 'error' FROM platform.core_outbox_event WHERE event_type = 'secrets.rotation-failed.v1'"));
    }

    [Fact]
    public async Task Rollback_undoes_what_is_under_way_and_after_it_goes_back_while_the_version_before_is_good()
    {
        await using var scene = await SceneAsync();
        await RotateAndCompleteAsync(scene);

        _rotator.OnStep = (step, _) => step == "test" ? throw new RotationException("no") : Task.CompletedTask;
        await Assert.ThrowsAsync<RotationException>(() => scene.RotateAsync(Name));
        Assert.Equal(RotationState.RolledBack, (await scene.Engine.RollBackAsync(Name, "bob", "not today", Cancel)).State);
        Assert.Equal("very-secret-value-1", Assert.Single((await scene.OpenSecretAsync(Name)).Versions).Value);

        _rotator.OnStep = (_, _) => Task.CompletedTask;
        await scene.RotateAsync(Name);
        Assert.Equal("very-secret-value-3", (await scene.OpenSecretAsync(Name)).Current!.Value);
        Assert.Equal(RotationState.Overlapping, (await scene.Engine.RollBackAsync(Name, "bob", "a mistake", Cancel)).State);
        var back = await scene.OpenSecretAsync(Name);
        Assert.Equal(("very-secret-value-1", "very-secret-value-3"), (back.Current!.Value, back.Previous!.Value));

        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        await scene.Engine.ResumeAsync(Name, Cancel);
        Assert.Equal("retire very-secret-value-3", _rotator.Calls.Last());
        var refusal = await Assert.ThrowsAsync<ErrorException>(() => scene.Engine.RollBackAsync(Name, "bob", null, Cancel));
        Assert.Equal(ErrorCode.OperationNotAllowed, refusal.Code);
        Assert.Equal(
            ["bob not today", "bob a mistake"],
            await scene.QueryAsync<string>("SELECT actor || ' ' || reason FROM platform.core_security_audit WHERE action = 'secrets.rotation.rollback' AND outcome = 'Succeeded' AND target = 'secret:thing' ORDER BY position"));
    }

    [Fact]
    public async Task Second_rotation_waits_for_the_overlap_unless_it_is_an_emergency()
    {
        await using var scene = await SceneAsync();
        await RotateAndCompleteAsync(scene);
        await scene.RotateAsync(Name);
        var refusal = await Assert.ThrowsAsync<ErrorException>(() => scene.RotateAsync(Name));
        Assert.Equal(ErrorCode.OperationNotAllowed, refusal.Code);

        Assert.Equal(RotationState.Completed, (await scene.RotateAsync(Name, RotationTrigger.Emergency)).State);
        Assert.Equal(["retire very-secret-value-1", "create", "set", "test", "finish", "retire very-secret-value-2"], _rotator.Calls.TakeLast(6));
        Assert.Equal("very-secret-value-3", Assert.Single((await scene.OpenSecretAsync(Name)).Versions).Value);
        Assert.Equal([2L], await scene.QueryAsync<long>("SELECT count(*) FROM platform.core_secret_version WHERE stage = 3 AND box IS NULL AND wrapped_key IS NULL"));
    }

    [Fact]
    public async Task Workers_that_race_begin_one_rotation_between_them()
    {
        await using var scene = await SceneAsync();
        var workers = Enumerable.Range(0, 6).Select(_ => scene.Replica(Add).GetRequiredService<RotationEngine>()).ToList();
        var outcomes = await Task.WhenAll(workers.Select(async worker =>
        {
            try
            {
                return (await worker.RotateAsync(Name, RotationTrigger.Operator, "ada", null, null, Cancel)).State;
            }
            catch (ErrorException)
            {
                return RotationState.Failed;
            }
        }));

        Assert.Single(outcomes, RotationState.Overlapping);
        Assert.Equal(["create", "set", "test", "finish"], _rotator.Calls);
    }

    [Fact]
    public async Task Holder_that_lost_its_lease_writes_nothing_any_more()
    {
        await using var scene = await SceneAsync();
        _rotator.OnStep = async (step, context) =>
        {
            if (step == "set" && context.Lease.Token == 1)
            {
                // Stopped for long: another took over meanwhile.
                await scene.QueryAsync<object>("UPDATE platform.core_secret SET lease_token = lease_token + 1, lease_owner = 'another', lease_expires_at = now() + interval '1 hour'");
            }
        };
        await Assert.ThrowsAsync<LeaseLostException>(() => scene.RotateAsync(Name));

        Assert.Equal(RotationStep.Set, (await scene.StatusAsync(Name)).Rotation!.Step);
        Assert.Null(await scene.Engine.ResumeAsync(Name, Cancel));
        await scene.QueryAsync<object>("UPDATE platform.core_secret SET lease_expires_at = now()");
        Assert.Equal(RotationState.Overlapping, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);
    }

    [Fact]
    public async Task Rollback_that_is_asked_for_in_the_middle_of_a_step_is_heeded_after_it()
    {
        await using var scene = await SceneAsync();
        _rotator.OnStep = async (step, _) =>
        {
            if (step == "set")
            {
                Assert.True(await scene.Store.RequestRollbackAsync(Name, "bob", "stop", Cancel));
            }
        };
        await Assert.ThrowsAsync<LeaseLostException>(() => scene.RotateAsync(Name));
        Assert.Equal(RotationState.RolledBack, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);
        Assert.Equal(["create", "set", "discard very-secret-value-1"], _rotator.Calls);
    }

    [Fact]
    public async Task Version_before_is_kept_while_a_host_that_lives_has_not_taken_the_new_one_up_or_it_is_needed()
    {
        await using var scene = await SceneAsync(("Platform:Secrets:Lease", "00:00:05"));
        await RotateAndCompleteAsync(scene);
        await scene.RotateAsync(Name);
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        await scene.QueryAsync<object>("INSERT INTO platform.core_secret_reader VALUES (gen_random_uuid(), 'slow', '{\"thing\": 1}', now() + interval '1 minute')");
        Assert.Equal(1, (await scene.StatusAsync(Name)).Behind);
        var failure = await Assert.ThrowsAsync<RotationException>(() => scene.Engine.ResumeAsync(Name, Cancel));
        Assert.Contains("has not taken", failure.Message, StringComparison.Ordinal);

        await scene.QueryAsync<object>("DELETE FROM platform.core_secret_reader");
        _rotator.NeededUntil = TimeProvider.System.GetUtcNow().AddHours(3);
        var postponed = await scene.Engine.ResumeAsync(Name, Cancel);
        Assert.Equal((RotationState.Overlapping, _rotator.NeededUntil), (postponed!.State, postponed.RetireAt));
        Assert.NotNull((await scene.OpenSecretAsync(Name)).Previous);
    }

    [Fact]
    public async Task Round_begins_what_is_due_tells_once_of_what_will_be_and_leaves_the_rest()
    {
        await using var scene = await SceneAsync(("Platform:Secrets:Items:thing:MaxAge", "10.00:00:00"), ("Platform:Secrets:Items:thing:NotifyBefore", "2.00:00:00"));
        var round = scene.Worker.GetRequiredService<RotationRound>();
        await round.RunAsync(Cancel);
        Assert.Equal(RotationTrigger.Initial, (await scene.StatusAsync(Name)).Rotation!.Trigger);
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        await round.RunAsync(Cancel);

        await AgeAsync(scene, "7 days");
        await round.RunAsync(Cancel);
        Assert.Empty(await EventsAsync("secrets.expiring.v1"));
        await AgeAsync(scene, "9 days");
        await round.RunAsync(Cancel);
        await round.RunAsync(Cancel);
        Assert.Equal([Name], await EventsAsync("secrets.expiring.v1"));
        Assert.Single(_rotator.Calls, "create");

        await AgeAsync(scene, "11 days");
        await round.RunAsync(Cancel);
        Assert.Equal(RotationTrigger.Schedule, (await scene.StatusAsync(Name)).Rotation!.Trigger);
        Assert.Equal(2, _rotator.Calls.Count(call => call == "create"));

        Task<List<string>> EventsAsync(string type) =>
            scene.QueryAsync<string>($"SELECT aggregate_id FROM platform.core_outbox_event WHERE event_type = '{type}' AND aggregate_id = '{Name}'");
    }

    [Theory]
    [InlineData("Platform:Secrets:Items:thing:Automatic", "false")]
    [InlineData("Platform:Secrets:Items:thing:Cron", "0 3 1 1 *")]
    public async Task Secret_that_is_left_to_people_or_not_due_yet_is_told_of_and_not_rotated(string setting, string value)
    {
        await using var scene = await SceneAsync(("Platform:Secrets:Items:thing:NotifyBefore", "366.00:00:00"), (setting, value));
        var round = scene.Worker.GetRequiredService<RotationRound>();
        await RotateAndCompleteAsync(scene);
        await AgeAsync(scene, setting.EndsWith("Cron", StringComparison.Ordinal) ? "0 days" : "91 days");

        await round.RunAsync(Cancel);
        await round.RunAsync(Cancel);

        Assert.Single(_rotator.Calls, "create");
        var isAutomatic = setting.EndsWith("Cron", StringComparison.Ordinal);
        Assert.Equal(
            [isAutomatic ? "true" : "false"],
            await scene.QueryAsync<string>($"SELECT payload ->> 'automatic' FROM platform.core_outbox_event WHERE event_type = 'secrets.expiring.v1' AND aggregate_id = '{Name}'"));
        Assert.Equal(["secret:thing"], await scene.QueryAsync<string>($"SELECT target FROM platform.core_security_audit WHERE action = 'secrets.expiring' AND target = 'secret:{Name}'"));
    }

    [Fact]
    public async Task Credentials_without_a_keeper_are_reported_and_removed()
    {
        await using var scene = await SceneAsync();
        await RotateAndCompleteAsync(scene);
        _rotator.Orphans.AddRange(["key_1", "key_2"]);
        _rotator.OnStep = (step, context) => step == "remove" && _rotator.Orphans.Count == 0 ? throw new RotationException("refused") : Task.CompletedTask;

        Assert.Equal((1, 1), await scene.Engine.CleanAsync(Name, Cancel));
        Assert.Equal(
            ["key_1 succeeded", "key_2 failed"],
            await scene.QueryAsync<string>(
                "SELECT (details::jsonb ->> 'credential') || ' ' || lower(outcome) FROM platform.core_security_audit WHERE action = 'secrets.orphan' ORDER BY position"));
        Assert.Equal(1, (await scene.StatusAsync(Name)).Orphans);
    }

    [Fact]
    public async Task Dry_run_changes_nothing()
    {
        await using var scene = await SceneAsync();
        Assert.Equal(["do it"], await scene.Engine.PlanAsync(Name, emergency: false, Cancel));
        Assert.Empty(await scene.Store.StatusAsync(Name, Cancel));
        Assert.Empty(_rotator.Calls);
    }

    [Fact]
    public async Task Value_that_an_operator_gives_goes_through_the_same_steps()
    {
        await using var scene = await SceneAsync();
        await scene.Engine.RotateAsync(Name, RotationTrigger.Supplied, "ada", null, new NewSecret("given", "key_9"), Cancel);
        var secret = await scene.OpenSecretAsync(Name);
        Assert.Equal(("given", "key_9"), (secret.Current!.Value, secret.Current.Reference));
        Assert.Equal(["set", "test", "finish"], _rotator.Calls);
    }

    [Fact]
    public async Task Key_encryption_key_is_rotated_by_sealing_data_keys_anew_and_the_old_one_opens_nothing_after()
    {
        await using var scene = await SceneAsync(("Platform:Secrets:KeyEncryptionKey", Key(1)));
        await RotateAndCompleteAsync(scene);
        scene.Settings["Platform:Secrets:KeyEncryptionKey"] = Key(2);
        scene.Settings["Platform:Secrets:PreviousKeyEncryptionKeys:0"] = Key(1);
        var both = scene.Replica(Add);
        var boxes = await scene.QueryAsync<byte[]>("SELECT box FROM platform.core_secret_version WHERE name = 'thing'");
        Assert.Equal(1, await both.GetRequiredService<IRotationStore>().RewrapAsync(both.GetRequiredService<SecretEnvelope>(), "ada", Cancel));
        Assert.Equal(0, await both.GetRequiredService<IRotationStore>().RewrapAsync(both.GetRequiredService<SecretEnvelope>(), "ada", Cancel));
        Assert.Equal(boxes, await scene.QueryAsync<byte[]>("SELECT box FROM platform.core_secret_version WHERE name = 'thing'"));

        scene.Settings.Remove("Platform:Secrets:PreviousKeyEncryptionKeys:0");
        var only = scene.Replica(Add);
        await only.GetRequiredService<RotationEngine>().ResumeAsync(Name, Cancel);
        Assert.Equal(["do it"], await only.GetRequiredService<RotationEngine>().PlanAsync(Name, false, Cancel));
        await Assert.ThrowsAnyAsync<Exception>(() => scene.Engine.PlanAsync(Name, false, Cancel));
        Assert.Single(await scene.QueryAsync<string>("SELECT action FROM platform.core_security_audit WHERE action = 'secrets.rewrap'"));

        static string Key(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());
    }

    private async Task<SecretsScene> SceneAsync(params (string, string?)[] settings) => await SecretsScene.OpenAsync(
        postgres, Add, [(("Platform:Secrets:Items:thing:Rotator"), ScriptedRotator.Name), .. settings]);

    private void Add(IHostApplicationBuilder builder) => builder.Services.AddSingleton<ISecretRotator>(_rotator);

    private static async Task RotateAndCompleteAsync(SecretsScene scene)
    {
        await scene.RotateAsync(Name);
        await scene.QueryAsync<object>("UPDATE platform.core_secret_rotation SET retire_at = now()");
        Assert.Equal(RotationState.Completed, (await scene.Engine.ResumeAsync(Name, Cancel))!.State);
    }

    private static Task<List<object>> AgeAsync(SecretsScene scene, string age) =>
        scene.QueryAsync<object>($"UPDATE platform.core_secret SET rotated_at = now() - interval '{age}' WHERE name = 'thing'");
}
