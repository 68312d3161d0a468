using Platform.FeatureFlags;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Gates;

/// <summary>A service whose flags these tests turn; suggestions are on, so that none may tell of a hidden field.</summary>
public sealed class GatedHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    private long _version = 1_000_000;

    protected override IEnumerable<(string Key, string Value)> Settings => [("Suggestions", "true")];

    internal void Publish(params FlagDefinition[] flags) => Flags.Publish(FlagSnapshot.Compile(new FlagDocument { Flags = flags }, version: ++_version));
}

public sealed class FieldGateTests(GatedHost host) : IClassFixture<GatedHost>
{
    private const string Query = "{ orderSummary { status count total { amount currency } } }";
    private const string Introspection = """{ __type(name: "Query") { fields { name } } }""";

    private static readonly FlagDefinition Off = new() { Name = "order_summary" };
    private static readonly FlagDefinition On = new() { Name = "order_summary", Everyone = true };

    [Fact]
    public async Task Field_is_answered_where_the_flag_is_on()
    {
        host.Publish(On);
        var answer = await host.AskAsync(Query);
        Assert.Empty(answer.Errors);
        Assert.NotEqual(0, answer.Data.GetProperty("orderSummary").GetArrayLength());
        Assert.Contains("orderSummary", await FieldsAsync());
    }

    [Fact]
    public async Task Field_is_unknown_to_callers_who_lack_the_flag()
    {
        host.Publish(Off);
        var hidden = await host.AskAsync("{ orderSummary { status } }");
        var unknown = await host.AskAsync("{ orderSummarx { status } }");

        // To the letter, but for the name that was sent.
        Assert.Equal("Cannot query field 'orderSummary' on type 'Query'.", hidden.Message);
        Assert.Equal("Cannot query field 'orderSummarx' on type 'Query'.", unknown.Message);
        Assert.Equal(unknown.Error.GetProperty("locations").GetRawText(), hidden.Error.GetProperty("locations").GetRawText());
        Assert.Equal(unknown.Code, hidden.Code);
        Assert.Equal(unknown.Status, hidden.Status);
        Assert.False(hidden.Body.TryGetProperty("data", out _));
        Assert.DoesNotContain("orderSummary", await FieldsAsync());
        Assert.DoesNotContain("@feature", (await host.AskAsync("{ __schema { directives { name } } }")).Body.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suggestion_never_tells_of_a_gated_field()
    {
        host.Publish(Off);
        var near = await host.AskAsync("{ orderSummery { status } }");
        Assert.DoesNotContain("orderSummary", near.Message, StringComparison.Ordinal);
        var other = await host.AskAsync("{ products { edges { node { skus } } } }");
        Assert.Contains("sku", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flag_of_one_caller_shows_the_field_to_that_caller_only()
    {
        host.Publish(Off with { Users = [TokenIssuer.Subject] });
        Assert.Empty((await host.AskAsync(Query)).Errors);
        host.Publish(Off with { Users = ["somebody-else"] });
        Assert.NotEmpty((await host.AskAsync(Query)).Errors);
    }

    private async Task<string[]> FieldsAsync() =>
        [.. (await host.AskAsync(Introspection)).Data.GetProperty("__type").GetProperty("fields").EnumerateArray().Select(field => field.GetProperty("name").GetString()!)];
}
