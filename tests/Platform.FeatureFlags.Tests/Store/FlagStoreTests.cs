using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Npgsql;
using Platform.Errors;
using Platform.Testing;

namespace Platform.FeatureFlags.Tests.Store;

/// <summary>Flags in PostgreSQL: changes, the audit that goes with them, and the way back.</summary>
public sealed class FlagStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private FlagHouse _house = null!;

    public async ValueTask InitializeAsync() => _house = await FlagHouse.OpenAsync(postgres);

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Every_change_has_a_version_and_an_entry_with_actor_reason_before_and_after()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a" });
        var commit = await _house.Store.EditAsync(new FlagEdit(new FlagAuthor("grace", "PAY-118"), document => document.With(new FlagDefinition { Name = "a", Percent = 25 })));

        Assert.Equal(2, commit.Flags.Version);
        var entry = Assert.Single((await _house.Store.ListAuditAsync(new FlagAuditFilter { Name = "a" }, limit: 1)).Items);
        Assert.Equal(new FlagAuthor("grace", "PAY-118"), entry.Author);
        Assert.Equal((FlagAction.RolloutChanged, 2, commit.ChangeId), (entry.Action, entry.Version, entry.ChangeId));
        Assert.False(entry.Before!.Value.TryGetProperty("percent", out _));
        Assert.Equal(25, entry.After!.Value.GetProperty("percent").GetInt32());
        Assert.Equal(entry.Id, (await _house.Store.FindAuditAsync(entry.Id))!.Id);
    }

    private static readonly (string? Before, string? After, FlagAction Action)[] Actions =
    [
        (null, """{"name":"a"}""", FlagAction.Created),
        ("""{"name":"a"}""", null, FlagAction.Deleted),
        ("""{"name":"a"}""", """{"name":"a","killed":true}""", FlagAction.Disabled),
        ("""{"name":"a","killed":true}""", """{"name":"a"}""", FlagAction.Enabled),
        ("""{"name":"a","everyone":false}""", """{"name":"a","everyone":true}""", FlagAction.Enabled),
        ("""{"name":"a","percent":5}""", """{"name":"a","percent":25}""", FlagAction.RolloutChanged),
        ("""{"name":"a","percent":5}""", """{"name":"a","everyone":true}""", FlagAction.RolloutChanged),
        ("""{"name":"a","percent":5}""", """{"name":"a","percent":5,"note":"n"}""", FlagAction.Updated),
        ("""{"name":"a","rules":[{"percent":5}]}""", """{"name":"a","rules":[{"percent":6}]}""", FlagAction.RolloutChanged),
        (
            """{"name":"a","origin":"microsoft","definition":{"id":"a","enabled":true}}""",
            """{"name":"a","origin":"microsoft","definition":{"id":"a","enabled":false}}""",
            FlagAction.Disabled),
        (
            """{"name":"a","origin":"unleash","definition":{"name":"a","enabled":true,"strategies":[{"name":"flexibleRollout","parameters":{"rollout":"5"}}]}}""",
            """{"name":"a","origin":"unleash","definition":{"name":"a","enabled":true,"strategies":[{"name":"flexibleRollout","parameters":{"rollout":"50"}}]}}""",
            FlagAction.RolloutChanged),
    ];

    [Fact]
    public async Task Action_says_what_a_change_did()
    {
        foreach (var (before, after, action) in Actions)
        {
            await _house.EditAsync(document => before is null ? document.Without(FlagKey.Flag("a")) : document.With(Read(before)));
            var commit = await _house.EditAsync(document => after is null ? document.Without(FlagKey.Flag("a")) : document.With(Read(after)));
            Assert.Equal((before, after, action), (before, after, Assert.Single(commit.Entries).Action));
        }
    }

    [Fact]
    public async Task Change_that_changes_nothing_is_no_change()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a", Users = ["1"] });
        var commit = await _house.PutAsync(new FlagDefinition { Name = "a", Users = ["1"] });
        Assert.Equal((1, Guid.Empty, 0), (commit.Flags.Version, commit.ChangeId, commit.Entries.Count));
    }

    [Fact]
    public async Task Another_process_reads_what_this_one_wrote_and_only_what_is_new_since()
    {
        var other = (IFlagStore)_house.NewReplica().GetService(typeof(IFlagStore))!;
        await _house.PutAsync(new FlagDefinition { Name = "a" }, new FlagDefinition { Name = "b" }, new SwitchDefinition { Name = "s", Active = true });
        Assert.Equal(["a", "b"], (await other.ReadAsync()).Document.Flags.Select(flag => flag.Name));

        await _house.EditAsync(document => document.Without(FlagKey.Flag("a")).With(new FlagDefinition { Name = "c" }).With(new FlagDefinition { Name = "b", Everyone = true }));
        var read = await other.ReadAsync();
        Assert.Equal(FlagJson.Write((await _house.Store.ReadAsync()).Document), FlagJson.Write(read.Document));
        Assert.Equal(["b", "c"], read.Document.Flags.Select(flag => flag.Name));
        Assert.Equal((1, 2), (read.Find(FlagKey.Switch("s"))!.Version, read.Find(FlagKey.Flag("b"))!.Version));
    }

    [Fact]
    public async Task Invalid_change_names_every_field_and_leaves_nothing_behind()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a" });
        var error = await Assert.ThrowsAsync<ErrorException>(() => _house.PutAsync(
            new FlagDefinition { Name = "fine" },
            new FlagDefinition { Name = "a", Prerequisites = [new PrerequisiteDefinition { Flag = "b" }] },
            new FlagDefinition { Name = "b", Prerequisites = [new PrerequisiteDefinition { Flag = "a" }], Percent = 101 }));
        Assert.Equal(
            ["/flags/0/prerequisites/0/flag", "/flags/2/percent", "/flags/2/prerequisites/0/flag"],
            error.Fields.Select(field => field.Pointer).Order(StringComparer.Ordinal));
        Assert.Equal(1, (await _house.Store.ReadAsync()).Version);
        Assert.Equal(1, await _house.ScalarAsync<long>("SELECT count(*) FROM platform.core_feature_flag_audit"));
    }

    [Fact]
    public async Task Flag_that_others_wait_for_is_not_deleted()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a" }, new FlagDefinition { Name = "b", Prerequisites = [new PrerequisiteDefinition { Flag = "a" }] });
        var error = await Assert.ThrowsAsync<ErrorException>(() => _house.EditAsync(document => document.Without(FlagKey.Flag("a"))));
        Assert.Equal("/flags/0/prerequisites/0/flag not_found", $"{error.Fields[0].Pointer} {error.Fields[0].Code}");
    }

    [Fact]
    public async Task Rule_set_of_a_megabyte_is_refused()
    {
        var users = Enumerable.Range(0, 9_000).Select(i => $"{i}{new string('x', 110)}").ToList();
        var error = await Assert.ThrowsAsync<ErrorException>(() => _house.PutAsync(new FlagDefinition { Name = "a", Users = users }));
        Assert.Equal(("/flags/0", "too_long"), (error.Fields[0].Pointer, error.Fields[0].Code));
        Assert.Equal(0, (await _house.Store.ReadAsync()).Version);
    }

    [Fact]
    public async Task Stale_version_is_refused()
    {
        var key = FlagKey.Flag("a");
        await _house.PutAsync(new FlagDefinition { Name = "a" });
        await _house.PutAsync(new FlagDefinition { Name = "a", Percent = 1 });
        var edit = new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Percent = 2 })) { Expected = new Dictionary<FlagKey, long?> { [key] = 1 } };
        Assert.Equal(ErrorCode.PreconditionFailed, (await Assert.ThrowsAsync<ErrorException>(() => _house.Store.EditAsync(edit))).Code);
        Assert.Equal(3, (await _house.Store.EditAsync(edit with { Expected = new Dictionary<FlagKey, long?> { [key] = 2 } })).Flags.Version);
        var create = edit with { Expected = new Dictionary<FlagKey, long?> { [key] = null } };
        Assert.Equal(ErrorCode.ResourceAlreadyExists, (await Assert.ThrowsAsync<ErrorException>(() => _house.Store.EditAsync(create))).Code);
    }

    [Fact]
    public async Task Of_editors_who_race_with_the_same_version_one_wins_and_the_others_are_told()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a" });
        var replicas = Enumerable.Range(0, 4).Select(_ => (IFlagStore)_house.NewReplica().GetService(typeof(IFlagStore))!).ToArray();
        for (var round = 1; round <= 5; round++)
        {
            var version = (await _house.Store.ReadAsync()).Find(FlagKey.Flag("a"))!.Version;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
            {
                try
                {
                    await replicas[i % 4].EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = "a", Percent = i, Note = $"{version}" }))
                    {
                        Expected = new Dictionary<FlagKey, long?> { [FlagKey.Flag("a")] = version },
                    });
                    return null;
                }
                catch (ErrorException error)
                {
                    return error.Code;
                }
            })));
            Assert.Single(outcomes, code => code is null);
            Assert.Equal(15, outcomes.Count(code => code == ErrorCode.PreconditionFailed));
        }
    }

    [Fact]
    public async Task Changes_that_race_are_all_there_each_with_its_own_version()
    {
        var replicas = Enumerable.Range(0, 4).Select(_ => (IFlagStore)_house.NewReplica().GetService(typeof(IFlagStore))!).ToArray();
        var commits = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Task.Run(() =>
            replicas[i % 4].EditAsync(new FlagEdit(FlagHouse.Ada, document => document.With(new FlagDefinition { Name = $"f{i}" }))))));
        Assert.Equal(Enumerable.Range(1, 40).Select(i => (long)i), commits.Select(commit => commit.Flags.Version).Order());
        Assert.Equal(40, (await _house.Store.ReadAsync()).Document.Flags.Count);
        foreach (var replica in replicas)
        {
            Assert.Equal(FlagJson.Write((await _house.Store.ReadAsync()).Document), FlagJson.Write((await replica.ReadAsync()).Document));
        }
    }

    [Fact]
    public async Task Database_itself_refuses_to_change_the_audit()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a" });
        foreach (var sql in (string[])
        [
            "UPDATE platform.core_feature_flag_audit SET reason = 'other'",
            "DELETE FROM platform.core_feature_flag_audit",
            "TRUNCATE platform.core_feature_flag_audit",
        ])
        {
            var refusal = await Assert.ThrowsAsync<PostgresException>(() => _house.ExecuteAsync(sql));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
        }

        Assert.Equal("a test", await _house.ScalarAsync<string>("SELECT reason FROM platform.core_feature_flag_audit"));
    }

    [Fact]
    public async Task Everything_goes_off_at_once_and_comes_back_as_it_was()
    {
        await ImportAsync(FlagFormat.Platform, Everything);
        var before = FlagJson.Write((await _house.Store.ReadAsync()).Document);

        var off = await _house.EditAsync(document => document.AllOff());
        var snapshot = FlagSnapshot.Compile(off.Flags.Document);
        Assert.All(off.Flags.Document.Flags, flag => Assert.False(snapshot.Evaluate(flag.Name, Make.User("1", "beta")).Enabled));
        Assert.False(snapshot.IsSwitchOn("signup"));
        Assert.Single((await _house.Store.ListAuditAsync(new FlagAuditFilter { ChangeId = off.ChangeId })).Items.Select(entry => entry.ChangeId).Distinct());

        var undone = await _house.Store.UndoAsync(off.ChangeId, FlagHouse.Ada);
        Assert.Equal(before, FlagJson.Write(undone.Flags.Document));
        Assert.All(undone.Entries, entry => Assert.Equal(off.ChangeId, entry.Undoes));

        // And an undo can be undone.
        var again = await _house.Store.UndoAsync(undone.ChangeId, FlagHouse.Ada);
        Assert.Equal(FlagJson.Write(off.Flags.Document), FlagJson.Write(again.Flags.Document));
    }

    [Fact]
    public async Task Undo_of_any_change_gives_an_equal_document()
    {
        var random = new Random(4711);
        await ImportAsync(FlagFormat.Platform, Everything);
        for (var round = 0; round < 60; round++)
        {
            var before = FlagJson.Write((await _house.Store.ReadAsync()).Document);
            var commit = await _house.EditAsync(document => RandomChange(document, random, round));
            if (commit.Entries.Count == 0)
            {
                continue;
            }

            // The change as a whole, or entry by entry.
            var ids = random.Next(2) == 0 ? [commit.ChangeId] : commit.Entries.Select(entry => entry.Id).Reverse().ToArray();
            foreach (var id in ids)
            {
                await _house.Store.UndoAsync(id, FlagHouse.Ada);
            }

            Assert.Equal(before, FlagJson.Write((await _house.Store.ReadAsync()).Document));
            await _house.EditAsync(document => RandomChange(document, random, round));
        }
    }

    [Fact]
    public async Task Undo_does_not_lose_what_came_after_unless_it_is_forced()
    {
        var first = await _house.PutAsync(new FlagDefinition { Name = "a", Percent = 1 });
        var second = await _house.PutAsync(new FlagDefinition { Name = "a", Percent = 2 });
        await _house.PutAsync(new FlagDefinition { Name = "a", Percent = 3 });
        var refusal = await Assert.ThrowsAsync<ErrorException>(() => _house.Store.UndoAsync(second.ChangeId, FlagHouse.Ada));
        Assert.Equal(ErrorCode.OperationNotAllowed, refusal.Code);
        Assert.Equal(1, (await _house.Store.UndoAsync(second.ChangeId, FlagHouse.Ada, force: true)).Flags.Document.Flags[0].Percent);
        Assert.Empty((await _house.Store.UndoAsync(first.ChangeId, FlagHouse.Ada, force: true)).Flags.Document.Flags);
        Assert.Equal(ErrorCode.ResourceNotFound, (await Assert.ThrowsAsync<ErrorException>(() => _house.Store.UndoAsync(Guid.Empty, FlagHouse.Ada))).Code);
    }

    public static TheoryData<FlagFormat, string> Files() => new()
    {
        { FlagFormat.Platform, Everything },
        { FlagFormat.Waffle, """[{"model":"waffle.flag","pk":7,"fields":{"name":"w","everyone":null,"percent":"25.5","testing":true,"superusers":true,"staff":false,"authenticated":false,"languages":"en, de","rollout":true,"note":"n","created":"2020-01-02T03:04:05.678Z","modified":"2021-01-02T03:04:05Z","groups":[3],"users":[1,2]}},{"model":"waffle.switch","pk":1,"fields":{"name":"s","active":true,"note":"","created":"2020-01-02T03:04:05Z","modified":"2020-01-02T03:04:05Z"}},{"model":"waffle.sample","pk":1,"fields":{"name":"p","percent":"0.5","note":"","created":"2020-01-02T03:04:05Z","modified":"2020-01-02T03:04:05Z"}}]""" },
        { FlagFormat.Microsoft, """{"$schema":"https://x","feature_management":{"feature_flags":[{"id":"m","enabled":true,"unknown":{"é":[1.0,1e2,"\u0000"]},"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"Users":["a"],"DefaultRolloutPercentage":50}}}]}},{"id":"n"}],"beside":1}}""" },
        { FlagFormat.Unleash, """{"version":2,"features":[{"name":"u","enabled":true,"strategies":[{"name":"flexibleRollout","parameters":{"rollout":"50","stickiness":"default","groupId":"u"},"segments":[1]}]}],"segments":[{"id":1,"name":"seg","constraints":[{"contextName":"userId","operator":"IN","values":["1"]}]}],"query":{"x":1}}""" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Import_then_export_is_identity(FlagFormat format, string file)
    {
        await ImportAsync(format, file);
        var other = (IFlagStore)_house.NewReplica().GetService(typeof(IFlagStore))!;
        var export = FlagFormats.Export(format, (await other.ReadAsync()).Document);
        Assert.Empty(export.LeftOut);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(format == FlagFormat.Platform ? FlagJson.Write(JsonSerializer.Deserialize<FlagDocument>(file, FlagJson.Options)!) : Encoding.UTF8.GetBytes(file)), JsonNode.Parse(export.Json)), Encoding.UTF8.GetString(export.Json));
    }

    [Fact]
    public async Task Unreadable_flag_of_another_system_is_kept_when_asked_for_and_hinders_no_other_change()
    {
        FlagDocument Broken(FlagDocument document) => document.With(Read("""{"name":"m","origin":"microsoft","definition":{"id":"m","conditions":{"requirement_type":"Some"}}}"""));
        await Assert.ThrowsAsync<ErrorException>(() => _house.EditAsync(Broken));
        await _house.Store.EditAsync(new FlagEdit(FlagHouse.Ada, Broken) { KeepsUnreadable = true });
        await _house.PutAsync(new FlagDefinition { Name = "a", Everyone = true });
        await Assert.ThrowsAsync<ErrorException>(() => _house.EditAsync(document => Broken(document).With(Read("""{"name":"m","origin":"microsoft","note":"touched","definition":{"id":"m","conditions":{"requirement_type":"Some"}}}"""))));
        Assert.Equal(2, (await _house.Store.ReadAsync()).Document.Flags.Count);
    }

    [Fact]
    public async Task Host_of_an_older_release_reads_what_a_newer_one_wrote()
    {
        await _house.PutAsync(new FlagDefinition { Name = "a", Everyone = true });
        await _house.ExecuteAsync(
            """
            UPDATE platform.core_feature_flag SET document = '{"name":"a","everyone":true,"fromTheFuture":1}', version = 2;
            INSERT INTO platform.core_feature_flag (kind, origin, name, version, position, document, changed_at) VALUES ('flag', 'own', 'b', 2, 9, '{"name":5}', now());
            UPDATE platform.core_feature_flag_state SET version = 2
            """);
        var snapshot = FlagSnapshot.Compile((await _house.Store.ReadAsync()).Document);
        Assert.True(snapshot.Evaluate("a", new FlagContext()).Enabled);
        Assert.Equal(FlagReason.Invalid, snapshot.Evaluate("b", new FlagContext()).Reason);
    }

    [Fact]
    public async Task Audit_is_read_page_by_page_the_latest_first()
    {
        for (var i = 0; i < 5; i++)
        {
            await _house.PutAsync(new FlagDefinition { Name = $"f{i}" }, new FlagDefinition { Name = $"g{i}" });
        }

        List<string> seen = [];
        Guid? after = null;
        do
        {
            var page = await _house.Store.ListAuditAsync(new FlagAuditFilter { Kind = FlagItemKind.Flag, Actor = "ada", Action = FlagAction.Created }, 3, after);
            seen.AddRange(page.Items.Select(entry => entry.Key.Name));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["g4", "f4", "g3", "f3", "g2", "f2", "g1", "f1", "g0", "f0"], seen);
        await Assert.ThrowsAsync<ErrorException>(() => _house.Store.ListAuditAsync(new FlagAuditFilter(), 501));
    }

    private const string Everything = """
        {
          "flags": [
            { "name": "a", "percent": 25, "groups": ["beta"] },
            { "name": "m", "origin": "microsoft", "definition": { "id": "m", "enabled": true } },
            { "name": "u", "origin": "unleash", "definition": { "name": "u", "enabled": true, "strategies": [] } },
            { "name": "w", "origin": "waffle", "everyone": true },
            { "name": "z", "everyone": true, "prerequisites": [ { "flag": "w" } ] }
          ],
          "switches": [ { "name": "signup", "active": true } ],
          "samples": [ { "name": "slow_log", "percent": 0.5 } ],
          "segments": [ { "name": "nordics", "constraints": [ { "field": "country", "operator": "IN", "values": ["no"] } ] } ],
          "envelopes": { "microsoft": { "feature_management": { "feature_flags": [] } } }
        }
        """;

    private static FlagDefinition Read(string json)
    {
        var errors = new FieldErrors();
        return FlagJson.Read<FlagDefinition>(Encoding.UTF8.GetBytes(json), errors) ?? throw new InvalidOperationException(errors.All[0].Pointer);
    }

    private static FlagDocument RandomChange(FlagDocument document, Random random, int round)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var name = $"r{random.Next(6)}";
            document = random.Next(5) switch
            {
                0 => document.With(new FlagDefinition { Name = name, Percent = random.Next(100), Note = $"{round}" }),
                1 => document.Without(FlagKey.Flag(name)),
                2 => document.With(new SwitchDefinition { Name = name, Active = random.Next(2) == 0 }),
                3 => document.Without(FlagKey.Switch(name)),
                _ => document.AllOff(),
            };
        }

        return document;
    }

    private Task<FlagCommit> ImportAsync(FlagFormat format, string file)
    {
        var import = FlagFormats.Import(format, Encoding.UTF8.GetBytes(file));
        Assert.Empty(import.Problems);
        return _house.EditAsync(document => import.Document.Over(document));
    }
}
