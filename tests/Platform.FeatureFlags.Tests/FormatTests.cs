using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Platform.FeatureFlags.Cases;

namespace Platform.FeatureFlags.Tests;

/// <summary>Import then export is the identity, for each system's files, whatever else stands in them.</summary>
public sealed class FormatTests
{
    private const string PlainDump = """
        [
          {"model":"waffle.flag","pk":1,"fields":{"name":"new_dashboard","everyone":null,"percent":"25.50","testing":true,"superusers":true,"staff":false,"authenticated":false,"languages":"en, pt-br","rollout":true,"note":"the\nnote","created":"2024-01-02T03:04:05.678Z","modified":"2024-02-02T00:00:00+02:00","groups":[3,4],"users":[7]}},
          {"model":"waffle.switch","pk":4,"fields":{"name":"signup","active":true,"note":"","created":"2024-01-02T03:04:05Z","modified":"2024-01-02T03:04:05.123456Z"}},
          {"model":"waffle.flag","pk":2,"fields":{"name":"search","everyone":true,"percent":null,"testing":false,"superusers":false,"staff":true,"authenticated":true,"languages":"","rollout":false,"note":"","created":"2024-01-02T03:04:05Z","modified":"2024-01-02T03:04:05Z","groups":[],"users":[]}},
          {"model":"waffle.sample","pk":9,"fields":{"name":"slow-log","percent":"0.5","note":"","created":"2024-01-02T03:04:05Z","modified":"2024-01-02T03:04:05Z"}}
        ]
        """;

    private const string NaturalDump = """
        [
          {"model":"waffle.flag","fields":{"name":"new_dashboard","everyone":false,"percent":"5.0","testing":false,"superusers":true,"staff":false,"authenticated":false,"languages":"","rollout":false,"note":"","created":"2024-01-02T03:04:05Z","modified":"2024-01-02T03:04:05Z","groups":[["beta"],["staff"]],"users":[["ann"]],"tenant":["acme"]}}
        ]
        """;

    public static TheoryData<string, FlagFormat> Files()
    {
        var files = new TheoryData<string, FlagFormat> { { PlainDump, FlagFormat.Waffle }, { NaturalDump, FlagFormat.Waffle }, { "[]", FlagFormat.Waffle } };
        foreach (var file in CaseFiles.In("microsoft", "*.sample.json"))
        {
            files.Add(File.ReadAllText(file), FlagFormat.Microsoft);
        }

        foreach (var file in CaseFiles.In("unleash", "*.json"))
        {
            if (JsonNode.Parse(File.ReadAllText(file))!["state"] is JsonObject state && state.ContainsKey("features"))
            {
                files.Add(state.ToJsonString(), FlagFormat.Unleash);
            }
        }

        files.Add("""{"version":2,"features":[{"name":"a","enabled":true,"project":"x","strategies":[{"name":"default","segments":[7],"title":"t"}],"impressionData":false}],"segments":[{"id":7,"name":"s","constraints":[]}],"query":{"environment":"dev"},"meta":{"etag":"1"}}""", FlagFormat.Unleash);
        files.Add("""{"Logging":{"LogLevel":{"Default":"Debug"}},"feature_management":{"other":1,"feature_flags":[{"id":"a","enabled":"true","telemetry":{"enabled":true,"metadata":{"ETag":"x"}},"custom":{"x":[1,2.50,null]}}]}}""", FlagFormat.Microsoft);
        return files;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Import_then_export_gives_the_same_file(string json, FlagFormat format)
    {
        var import = FlagFormats.Import(format, Encoding.UTF8.GetBytes(json));
        var export = FlagFormats.Export(format, Stored(import.Document));
        Assert.Empty(export.LeftOut);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(export.Json)), Encoding.UTF8.GetString(export.Json));
    }

    [Fact]
    public void Waffle_fields_come_to_their_places()
    {
        var import = FlagFormats.Import(FlagFormat.Waffle, Encoding.UTF8.GetBytes(PlainDump));
        Assert.Empty(import.Problems);
        var flag = import.Document.Flags[0];
        Assert.Equal("new_dashboard", flag.Name);
        Assert.Null(flag.Everyone);
        Assert.Equal(25.5m, flag.Percent);
        Assert.True(flag is { Testing: true, Superusers: true, Staff: false, Authenticated: false, Rollout: true, Note: "the\nnote" });
        Assert.Equal(["en", "pt-br"], flag.Languages);
        Assert.Equal(["3", "4"], flag.Groups);
        Assert.Equal(["7"], flag.Users);
        Assert.Equal(new DateTimeOffset(2024, 1, 2, 3, 4, 5, 678, TimeSpan.Zero), flag.Created);
        Assert.Equal(new DateTimeOffset(2024, 2, 1, 22, 0, 0, TimeSpan.Zero), flag.Modified);
        Assert.True(Assert.Single(import.Document.Switches).Active);
        Assert.Equal(0.5m, Assert.Single(import.Document.Samples).Percent);
    }

    [Fact]
    public void Users_of_a_dump_are_found_by_primary_and_by_natural_key()
    {
        bool On(string dump, FlagContext context) => FlagSnapshot.Compile(FlagFormats.Import(FlagFormat.Waffle, Encoding.UTF8.GetBytes(dump)).Document)
            .IsEnabled("new_dashboard", context);
        Assert.True(On(PlainDump, new FlagContext { UserId = "7" }));
        Assert.True(On(PlainDump, new FlagContext { Groups = ["4"] }));
        Assert.True(On(NaturalDump.Replace("\"everyone\":false", "\"everyone\":null", StringComparison.Ordinal), new FlagContext { UserName = "ann" }));
    }

    [Fact]
    public void Change_of_a_waffle_flag_is_exported_and_the_rest_stays()
    {
        var document = FlagFormats.Import(FlagFormat.Waffle, Encoding.UTF8.GetBytes(NaturalDump)).Document;
        var changed = document with { Flags = [document.Flags[0] with { Percent = 50, Users = ["ann", "bob"], Everyone = null }] };
        var expected = JsonNode.Parse(NaturalDump)!;
        expected[0]!["fields"]!["percent"] = "50";
        expected[0]!["fields"]!["everyone"] = null;
        expected[0]!["fields"]!["users"] = JsonNode.Parse("""[["ann"],["bob"]]""");
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(FlagFormats.Export(FlagFormat.Waffle, changed).Json)));
    }

    [Fact]
    public void Waffle_flag_made_here_is_exported_as_a_row_that_imports_alike()
    {
        var document = new FlagDocument
        {
            Flags = [new FlagDefinition { Name = "a", Origin = FlagOrigin.Waffle, Percent = 12.5m, Users = ["7", "ann"], Languages = ["en", "de"], Note = "n" }],
            Switches = [new SwitchDefinition { Name = "s", Active = true }],
            Samples = [new SampleDefinition { Name = "p", Percent = 1.5m }],
        };
        var again = FlagFormats.Import(FlagFormat.Waffle, FlagFormats.Export(FlagFormat.Waffle, document).Json);
        Assert.Empty(again.Problems);
        var flag = again.Document.Flags[0] with { Definition = null };
        Assert.Equal(JsonSerializer.Serialize(document.Flags[0], FlagJson.Options), JsonSerializer.Serialize(flag, FlagJson.Options));
        Assert.True(again.Document.Switches[0].Active);
        Assert.Equal(1.5m, again.Document.Samples[0].Percent);
    }

    [Fact]
    public void Killed_flags_leave_as_disabled_ones()
    {
        var document = FlagFormats.Import(FlagFormat.Unleash, """{"version":1,"features":[{"name":"a","enabled":true,"strategies":[]}]}"""u8.ToArray()).Document;
        var killed = document with { Flags = [document.Flags[0] with { Killed = true }] };
        Assert.False(JsonNode.Parse(FlagFormats.Export(FlagFormat.Unleash, killed).Json)!["features"]![0]!["enabled"]!.GetValue<bool>());
    }

    [Fact]
    public void Export_names_what_the_format_cannot_hold()
    {
        var document = new FlagDocument
        {
            Flags = [new FlagDefinition { Name = "own" }, new FlagDefinition { Name = "w", Origin = FlagOrigin.Waffle }],
            Switches = [new SwitchDefinition { Name = "s" }],
        };
        Assert.Equal(["own", "w", "s"], FlagFormats.Export(FlagFormat.Microsoft, document).LeftOut);
        Assert.Equal(["own"], FlagFormats.Export(FlagFormat.Waffle, document).LeftOut);
        Assert.Empty(FlagFormats.Export(FlagFormat.Platform, document).LeftOut);
    }

    [Fact]
    public void Delta_events_are_applied_in_the_order_of_their_ids()
    {
        var document = FlagFormats.Import(
            FlagFormat.Unleash,
            """{"events":[{"eventId":3,"type":"feature-removed","featureName":"b","project":"p"},{"eventId":1,"type":"hydration","features":[{"name":"a","enabled":true,"strategies":[]},{"name":"b","enabled":true,"strategies":[]}],"segments":[]},{"eventId":2,"type":"feature-updated","feature":{"name":"a","enabled":false,"strategies":[]}}]}"""u8.ToArray());
        Assert.Empty(document.Problems);
        Assert.Equal(["a"], document.Document.Flags.Select(flag => flag.Name));
        Assert.False(FlagSnapshot.Compile(document.Document).IsEnabled("a", new FlagContext()));
    }

    [Property(MaxTest = 300)]
    public Property Own_document_is_read_as_it_was_written() => Prop.ForAll(Documents().ToArbitrary(), document =>
    {
        var json = FlagJson.Write(document);
        var again = FlagFormats.Import(FlagFormat.Platform, json);
        return again.Problems.SequenceEqual(FlagDocumentRules.Check(document).All) && FlagJson.Write(again.Document).AsSpan().SequenceEqual(json);
    });

    [Property(MaxTest = 100)]
    public Property Random_Microsoft_file_comes_back(int seed) => Prop.ToProperty(Comes(FlagFormat.Microsoft, RandomMicrosoftFlags.File(
        new System.Random(seed), 5, new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero))));

    private static bool Comes(FlagFormat format, byte[] file) =>
        JsonNode.DeepEquals(JsonNode.Parse(file), JsonNode.Parse(FlagFormats.Export(format, Stored(FlagFormats.Import(format, file).Document)).Json));

    /// <summary>The document after a store wrote and read it as JSON.</summary>
    private static FlagDocument Stored(FlagDocument document) => JsonSerializer.Deserialize<FlagDocument>(FlagJson.Write(document), FlagJson.Options)!;

    private static Gen<FlagDocument> Documents()
    {
        var name = Gen.Elements("a", "b", "checkout", "новая", "x y");
        var names = Gen.ListOf(name).Select(list => (IReadOnlyList<string>)[.. list.Distinct()]);
        var date = Gen.Choose(0, 100_000).Select(hours => new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(hours % 3)).AddHours(hours));
        var constraint =
            from field in name
            from @operator in Gen.Elements(ConstraintOperators.All.ToArray())
            from values in names
            from inverted in ArbMap.Default.GeneratorFor<bool>()
            select new ConstraintDefinition { Field = field, Operator = @operator, Values = values, Value = values.Count > 0 ? values[0] : null, Inverted = inverted };
        var rule =
            from constraints in Gen.ListOf(constraint)
            from percent in Gen.Choose(-1, 100)
            from serve in ArbMap.Default.GeneratorFor<bool>()
            select new RuleDefinition { Constraints = [.. constraints], Percent = percent < 0 ? null : percent, Serve = serve };
        var flag =
            from flagName in name
            from everyone in Gen.Elements<bool?>(null, true, false)
            from percent in Gen.Choose(0, 100_000)
            from users in names
            from rules in Gen.ListOf(rule)
            from start in date
            from weight in Gen.Choose(0, 100)
            from value in Gen.Elements("1", "\"x\"", "{\"a\":[1.50,null]}")
            select new FlagDefinition
            {
                Name = flagName,
                Everyone = everyone,
                Percent = percent / 1000m,
                Users = users,
                Rules = [.. rules.Take(3)],
                Windows = [new TimeWindowDefinition { Start = start, End = start.AddHours(1), Recurrence = new RecurrenceDefinition { Interval = 2, Occurrences = 3 } }],
                Variants = [new VariantDefinition { Name = "v", Weight = weight, Value = JsonDocument.Parse(value).RootElement }],
            };
        return Gen.ListOf(flag).Select(flags => new FlagDocument { Flags = [.. flags] });
    }
}
