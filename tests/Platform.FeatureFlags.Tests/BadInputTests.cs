using System.Text;
using System.Text.Json;
using Platform.Errors;

namespace Platform.FeatureFlags.Tests;

/// <summary>What may not be saved is refused with every field named; and what was stored none the less is off, and harms nothing else.</summary>
public sealed class BadInputTests
{
    public static TheoryData<string, string, string> Documents() => new()
    {
        { """{"flags":[{"name":""}]}""", "/flags/0/name", "required" },
        { """{"flags":[{"name":"a\u0007b"}]}""", "/flags/0/name", "invalid" },
        { """{"flags":[{"name":"a\u0085b"}]}""", "/flags/0/name", "invalid" },
        { """{"flags":[{"name":" a"}]}""", "/flags/0/name", "invalid" },
        { """{"flags":[{"name":"a"},{"name":"a"}]}""", "/flags/1/name", "duplicate" },
        { """{"switches":[{"name":"a"},{"name":"a"}]}""", "/switches/1/name", "duplicate" },
        { """{"flags":[{"name":"a","percent":100.1}]}""", "/flags/0/percent", "out_of_range" },
        { """{"flags":[{"name":"a","percent":-1}]}""", "/flags/0/percent", "out_of_range" },
        { """{"flags":[{"name":"a","percent":1.23456}]}""", "/flags/0/percent", "invalid" },
        { """{"flags":[{"name":"a","percent":"10"}]}""", "/flags/0/percent", "invalid" },
        { """{"flags":[{"name":"a","origin":"waffle","percent":100}]}""", "/flags/0/percent", "out_of_range" },
        { """{"flags":[{"name":"a","origin":"waffle","roles":["x"]}]}""", "/flags/0", "invalid" },
        { """{"flags":[{"name":"a","origin":"elsewhere"}]}""", "/flags/0/origin", "invalid" },
        { """{"flags":[{"name":"a","everyoen":true}]}""", "/flags/0/everyoen", "invalid" },
        { """{"flags":[{"name":"a","users":[""]}]}""", "/flags/0/users/0", "required" },
        { """{"flags":[{"name":"a","users":null}]}""", "/flags/0/users", "invalid" },
        { """{"flags":[{"everyone":true}]}""", "/flags/0/name", "required" },
        { """{"flags":[{"name":"a","percent":true,"everyone":"x"}]}""", "/flags/0/everyone", "invalid" },
        { """{"switches":[{"name":"a","active":true,"definition":{"a":"\ud800"}}]}""", "", "invalid" },
        { """{"flags":[{"name":"a","prerequisites":[{"flag":"a"}]}]}""", "/flags/0/prerequisites/0/flag", "invalid" },
        { """{"flags":[{"name":"a","prerequisites":[{"flag":"b"}]}]}""", "/flags/0/prerequisites/0/flag", "not_found" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"LIKE","values":["y"]}]}]}]}""", "/flags/0/rules/0/constraints/0/operator", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"REGEX","value":"("}]}]}]}""", "/flags/0/rules/0/constraints/0/value", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"IN"}]}]}]}""", "/flags/0/rules/0/constraints/0/values", "required" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"IN_CIDR","values":["10.0.0.0/33"]}]}]}]}""", "/flags/0/rules/0/constraints/0/values/0", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"NUM_GT","value":"many"}]}]}]}""", "/flags/0/rules/0/constraints/0/value", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"SEMVER_GT","value":"v1"}]}]}]}""", "/flags/0/rules/0/constraints/0/value", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"constraints":[{"field":"x","operator":"DATE_AFTER","value":"soon"}]}]}]}""", "/flags/0/rules/0/constraints/0/value", "invalid" },
        { """{"flags":[{"name":"a","rules":[{"segments":["nobody"]}]}]}""", "/flags/0/rules/0/segments/0", "not_found" },
        { """{"flags":[{"name":"a","rules":[{"variant":"red"}]}]}""", "/flags/0/rules/0/variant", "not_found" },
        { """{"flags":[{"name":"a","variants":[{"name":"r","weight":60},{"name":"b","weight":50}]}]}""", "/flags/0/variants", "out_of_range" },
        { """{"flags":[{"name":"a","variants":[{"name":"r"},{"name":"r"}]}]}""", "/flags/0/variants/1/name", "duplicate" },
        { """{"flags":[{"name":"a","offVariant":"r"}]}""", "/flags/0/offVariant", "not_found" },
        { """{"flags":[{"name":"a","windows":[{}]}]}""", "/flags/0/windows/0/start", "required" },
        { """{"flags":[{"name":"a","windows":[{"start":"2026-01-02T00:00:00Z","end":"2026-01-01T00:00:00Z"}]}]}""", "/flags/0/windows/0/end", "out_of_range" },
        { """{"flags":[{"name":"a","windows":[{"start":"2026-01-01T00:00:00Z","recurrence":{}}]}]}""", "/flags/0/windows/0/end", "required" },
        { """{"flags":[{"name":"a","windows":[{"start":"2026-01-01T00:00:00Z","end":"2026-01-03T00:00:00Z","recurrence":{"kind":"daily"}}]}]}""", "/flags/0/windows/0/end", "out_of_range" },
        { """{"flags":[{"name":"a","windows":[{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z","recurrence":{"kind":"weekly","days":["monday"]}}]}]}""", "/flags/0/windows/0/start", "invalid" },
        { """{"flags":[{"name":"a","windows":[{"start":"2026-01-01T00:00:00Z","end":"2026-01-01T01:00:00Z","recurrence":{"interval":0}}]}]}""", "/flags/0/windows/0/recurrence/interval", "out_of_range" },
        { """{"flags":[{"name":"a","origin":"microsoft"}]}""", "/flags/0/definition", "required" },
        { """{"flags":[{"name":"a","origin":"microsoft","definition":{"id":"b"}}]}""", "/flags/0/name", "invalid" },
        { """{"flags":[{"name":"a","origin":"microsoft","everyone":true,"definition":{"id":"a"}}]}""", "/flags/0", "invalid" },
        { """{"flags":[{"name":"a:b","origin":"microsoft","definition":{"id":"a:b"}}]}""", "/flags/0/definition/id", "invalid" },
        { """{"flags":[{"name":"a","origin":"microsoft","definition":{"id":"a","conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":101}}}]}}}]}""", "/flags/0/definition/conditions/client_filters/0/parameters/Audience/DefaultRolloutPercentage", "out_of_range" },
        { """{"flags":[{"name":"a","origin":"microsoft","definition":{"id":"a","conditions":{"requirement_type":"Some"}}}]}""", "/flags/0/definition/conditions/requirement_type", "invalid" },
        { """{"flags":[{"name":"a","origin":"unleash","definition":{"name":"a","variants":[{"name":"v","weight":-1}]}}]}""", "/flags/0/definition/variants/0/weight", "out_of_range" },
        { """{"flags":[{"name":"a","definition":{}}]}""", "/flags/0/definition", "invalid" },
        { """{"samples":[{"name":"a","percent":101}]}""", "/samples/0/percent", "out_of_range" },
        { """{"segments":[{"name":"a","origin":"microsoft"}]}""", "/segments/0/origin", "invalid" },
        { """{"flags":""", "/flags", "invalid" },
        { "null", "", "required" },
        { """{"flags":[null]}""", "/flags/0", "required" },
        { """{"flags":[{"name":"a","rules":[{},null]}]}""", "/flags/0/rules/1", "required" },
        { """{"flags":[{"name":"a","rules":[{"segments":[null]}]}]}""", "/flags/0/rules/0/segments/0", "required" },
        { """{"flags":[{"name":"a","note":"a\u0000b"}]}""", "/flags/0/note", "invalid" },
    };

    [Theory]
    [MemberData(nameof(Documents))]
    public void Error_is_named_by_its_pointer(string json, string pointer, string code)
    {
        var errors = Errors(Encoding.UTF8.GetBytes(json));
        Assert.Contains((pointer, code), errors.Select(error => (error.Pointer, error.Code)));
    }

    [Fact]
    public void All_errors_are_named_at_once()
    {
        var errors = Errors("""{"flags":[{"name":"","percent":101,"users":[""],"rules":[{"segments":["x"],"variant":"y"}]}],"samples":[{"name":"s","percent":-1}]}"""u8);
        Assert.Equal(
            ["/flags/0/name", "/flags/0/percent", "/flags/0/rules/0/segments/0", "/flags/0/rules/0/variant", "/flags/0/users/0", "/samples/0/percent"],
            errors.Select(error => error.Pointer).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Circle_of_prerequisites_is_refused_at_each_of_its_flags_and_answers_off()
    {
        FlagDefinition Flag(string name, string prerequisite) =>
            new() { Name = name, Percent = 100, Prerequisites = [new PrerequisiteDefinition { Flag = prerequisite, Enabled = false }] };
        var document = Make.Document(Flag("a", "b"), Flag("b", "c"), Flag("c", "a"), Flag("d", "a"), new FlagDefinition { Name = "e", Everyone = true });

        Assert.Equal(
            ["/flags/0/prerequisites/0/flag", "/flags/1/prerequisites/0/flag", "/flags/2/prerequisites/0/flag"],
            FlagDocumentRules.Check(document).All.Select(error => error.Pointer));
        var snapshot = FlagSnapshot.Compile(document);
        Assert.Equal(FlagReason.Invalid, snapshot.Evaluate("a", Make.User("ann")).Reason);
        Assert.True(snapshot.IsEnabled("d", Make.User("ann")));
        Assert.True(snapshot.IsEnabled("e", Make.User("ann")));
    }

    [Fact]
    public void Chain_of_ten_thousand_prerequisites_is_refused_in_time()
    {
        var flags = Enumerable.Range(0, 10_000).Select(index => new FlagDefinition
        {
            Name = $"flag-{index}",
            Everyone = index == 0 ? true : null,
            Prerequisites = index == 0 ? [] : [new PrerequisiteDefinition { Flag = $"flag-{index - 1}" }],
        });
        var errors = FlagDocumentRules.Check(new FlagDocument { Flags = [.. flags] }).All;
        Assert.Equal(10_000 - FlagLimits.PrerequisiteDepth, errors.Count);
        Assert.All(errors, error => Assert.Equal("too_many", error.Code));
    }

    [Fact]
    public void Rule_set_of_a_megabyte_is_refused()
    {
        var definition = JsonSerializer.SerializeToElement(new { id = "a", description = new string('x', 1024 * 1024) });
        var flag = new FlagDefinition { Name = "a", Origin = FlagOrigin.Microsoft, Definition = definition };
        Assert.Contains(FlagDocumentRules.Check(Make.Document(flag)).All, error => error is { Pointer: "/flags/0/definition", Code: "too_long" });

        var own = new FlagDefinition { Name = "a", Users = [.. Enumerable.Range(0, 100_000).Select(index => $"user-{index}")] };
        Assert.Contains(FlagDocumentRules.Check(Make.Document(own)).All, error => error is { Pointer: "/flags/0/users", Code: "too_many" });

        var parts = new FlagDefinition { Name = "a", Rules = [.. Enumerable.Range(0, 10_000).Select(_ => new RuleDefinition())] };
        Assert.Contains(FlagDocumentRules.Check(Make.Document(parts)).All, error => error is { Pointer: "/flags/0/rules", Code: "too_many" });
    }

    [Theory]
    [InlineData(FlagFormat.Platform)]
    [InlineData(FlagFormat.Microsoft)]
    [InlineData(FlagFormat.Waffle)]
    [InlineData(FlagFormat.Unleash)]
    public void File_that_is_too_large_too_deep_or_no_JSON_is_refused(FlagFormat format)
    {
        byte[][] files =
        [
            new byte[FlagLimits.DocumentBytes + 1],
            Encoding.UTF8.GetBytes(new string('[', 10_000)),
            Encoding.UTF8.GetBytes("{\"features\":" + new string('[', 100) + new string(']', 100) + "}"),
            "not json"u8.ToArray(),
            "{}x"u8.ToArray(),
            [0xff, 0xfe, 0x00],
            [],
        ];
        foreach (var file in files)
        {
            var import = FlagFormats.Import(format, file);
            Assert.NotEmpty(import.Problems);
            Assert.Empty(import.Document.Flags);
        }
    }

    [Theory]
    [InlineData(FlagFormat.Microsoft, "[]", "/feature_management/feature_flags")]
    [InlineData(FlagFormat.Unleash, "{\"features\":{}}", "/features")]
    [InlineData(FlagFormat.Waffle, "{}", "")]
    [InlineData(FlagFormat.Waffle, "[1]", "/0")]
    [InlineData(FlagFormat.Waffle, "[{\"model\":\"auth.user\",\"pk\":1,\"fields\":{\"name\":\"x\"}}]", "/0/model")]
    [InlineData(FlagFormat.Waffle, "[{\"model\":\"waffle.flag\",\"pk\":1,\"fields\":{\"name\":\"x\",\"percent\":\"lots\"}}]", "/0/fields/percent")]
    [InlineData(FlagFormat.Waffle, "[{\"model\":\"waffle.flag\",\"pk\":1,\"fields\":{\"name\":\"x\",\"everyone\":\"yes\"}}]", "/0/fields/everyone")]
    public void File_of_another_shape_is_refused_by_pointer(FlagFormat format, string json, string pointer) =>
        Assert.Contains(pointer, FlagFormats.Import(format, Encoding.UTF8.GetBytes(json)).Problems.Select(problem => problem.Pointer));

    [Fact]
    public void One_bad_flag_of_a_file_does_not_take_the_others_along()
    {
        var import = FlagFormats.Import(
            FlagFormat.Microsoft,
            """{"feature_management":{"feature_flags":[{"id":"bad","enabled":"maybe"},{"id":"good","enabled":true},7,{"id":null}]}}"""u8.ToArray());
        Assert.Contains("/flags/0/definition/enabled", import.Problems.Select(problem => problem.Pointer));
        var snapshot = FlagSnapshot.Compile(import.Document);
        Assert.Equal(FlagReason.Invalid, snapshot.Evaluate("bad", new FlagContext()).Reason);
        Assert.True(snapshot.IsEnabled("good", new FlagContext()));
    }

    [Fact]
    public void Messages_never_hold_what_was_sent()
    {
        var errors = Errors("""{"flags":[{"name":"secret\u0007","percent":12345,"rules":[{"segments":["secret"],"constraints":[{"field":"x","operator":"secret","value":"secret"}]}]}]}"""u8);
        Assert.All(errors, error => Assert.DoesNotContain("secret", error.Message, StringComparison.OrdinalIgnoreCase));
    }

    private static IReadOnlyList<FieldError> Errors(ReadOnlySpan<byte> json)
    {
        var errors = new FieldErrors();
        return FlagJson.Read<FlagDocument>(json, errors) is { } document ? FlagDocumentRules.Check(document).All : errors.All;
    }
}
