using System.Diagnostics;
using System.Net;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Limits;

[Collection(Alone.Name)]
public sealed class LimitTests(SampleHost host) : IClassFixture<SampleHost>
{
    /// <summary>Documents that would cost seconds, gigabytes or a stack if they were taken as they are.</summary>
    public static TheoryData<string, string> Attacks => new()
    {
        { Deep(16), "QUERY_DEPTH_EXCEEDED" },
        { Deep(1_000), "QUERY_DEPTH_EXCEEDED" },
        { "query " + Fragments(20), "QUERY_DEPTH_EXCEEDED" },
        { "{ " + string.Concat(Enumerable.Repeat("node { name } ", 16_000 / 2)) + "}", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ node { " + string.Concat(Enumerable.Repeat("name ", 501)) + "} }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ node { " + string.Concat(Enumerable.Repeat("name ", 101)) + "} }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ " + string.Concat(Enumerable.Repeat("node { name } ", 16)) + string.Concat(Enumerable.Repeat("...N ", 15)) + "} fragment N on Query { node { name name name name name name } }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ " + string.Concat(Enumerable.Range(0, 31).Select(i => "hello ")) + "}", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ ...R } fragment R on Query { " + string.Concat(Enumerable.Repeat("hello ", 31)) + "}", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ node { " + string.Concat(Enumerable.Range(0, 61).Select(i => $"a{i}: name ")) + "} }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { Doubling(30, "hello"), "COMPLEXITY_LIMIT_EXCEEDED" },
        { Doubling(30, "...Nowhere"), "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ hello } fragment Unused on Node { " + string.Concat(Enumerable.Repeat("name ", 600)) + "}", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ nodes(first: 100) { nodes(first: 100) { nodes { name } } } }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "query ($n: Int = 100) { nodes(first: $n) { nodes(first: 100) { nodes { name } } } }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ nodes(first: 100) { ...N } } fragment N on Node { nodes(first: 101) { name } }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }", "QUERY_DEPTH_EXCEEDED" },
        { "{ hello } #" + string.Concat(Enumerable.Repeat("\n#", 5_000)), "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ echo(text: \"" + new string('x', 70_000) + "\") }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ hello " + new string(' ', 60_000) + "(", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ hello" + string.Concat(Enumerable.Repeat(" @skip(if: false)", 800)) + " }", "COMPLEXITY_LIMIT_EXCEEDED" },
        { "{ echo(text: " + new string('[', 2_000) + " }", "QUERY_DEPTH_EXCEEDED" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task An_expensive_document_is_refused_before_it_costs_anything(string query, string code)
    {
        var (answer, cpu) = await CheapestAsync(query);

        Assert.Equal(code, answer.Code);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.InRange(answer.Bytes, 1, 4_096);
        Assert.InRange(cpu.TotalMilliseconds, 0, 100);
    }

    [Theory]
    [InlineData("{ ...A } fragment A on Query { ...A }")]
    [InlineData("{ ...A } fragment A on Query { hello ...B } fragment B on Query { hello ...A }")]
    [InlineData("{ node { ...A } } fragment A on Node { node { ...A } }")]
    public async Task Fragments_in_a_circle_are_refused(string query)
    {
        var answer = await host.Http.AskAsync(host.Url, query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.All(answer.Errors, e => Assert.Equal("VALIDATION_ERROR", e.GetProperty("extensions").GetProperty("code").GetString()));
    }

    [Fact]
    public async Task What_is_just_within_the_limits_is_answered()
    {
        Assert.Equal(HttpStatusCode.OK, (await host.Http.AskAsync(host.Url, Deep(15))).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.AskAsync(host.Url, "{ nodes(first: 100) { nodes(first: 99) { name } } }")).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.Http.AskAsync(host.Url, "{ node { " + string.Concat(Enumerable.Repeat("name ", 100)) + "} }")).Status);
    }

    /// <summary>Documents within the limits that are chosen to make validation and execution work hard.</summary>
    public static TheoryData<string, string> Worst => new()
    {
        { "unknown fields, far apart", "{ node {\n" + string.Concat(Enumerable.Range(0, 480).Select(i => $"unknown{i}{new string(' ', 40)}\n")) + "} }" },
        { "one field many times", "{ node { " + string.Concat(Enumerable.Repeat("name ", 100)) + "} }" },
        { "one path many times", "{ node { " + string.Concat(Enumerable.Repeat("node { node { node { name } } } ", 100)) + "} }" },
        { "one path in fragments", "{ node { " + string.Concat(Enumerable.Range(0, 95).Select(i => $"...F{i} ")) + "} } "
            + string.Concat(Enumerable.Range(0, 95).Select(i => $"fragment F{i} on Node {{ node {{ name }} }} ")) },
        { "arguments that differ", "{ " + string.Concat(Enumerable.Range(0, 30).Select(i => $"echo(text: \"{i}\") ")) + "}" },
        { "arguments that differ, further down", $"{{ node {{ {Differing()} node {{ {Differing()} }} }} }}" },
        { "a syntax error at the end of a long line", "{ hello " + new string(' ', 8_150) + "(" },
        { "a syntax error at the end of the longest document", "{ hello\n" + string.Concat(Enumerable.Repeat(new string(',', 8_000) + "\n", 8)) + "(" },
        { "the largest literal", "{\necho(text:\n\"" + new string('x', 8_100) + "\")\n}" },
    };

    [Theory]
    [MemberData(nameof(Worst))]
    public async Task The_worst_within_the_limits_stays_cheap(string what, string query)
    {
        var (answer, cpu) = await CheapestAsync(query);

        Assert.True(cpu.TotalMilliseconds < 150, $"{what}: {cpu.TotalMilliseconds} ms of CPU");
        Assert.InRange(answer.Bytes, 1, 10_000);
    }

    private static string Differing() => string.Concat(Enumerable.Range(0, 100).Select(i => $"nodes(first: {(i % 2) + 1}) {{ name }} "));

    private static string Deep(int depth) =>
        "{" + string.Concat(Enumerable.Repeat("node{", depth - 1)) + "name" + new string('}', depth);

    private static string Fragments(int depth) =>
        "{ node { ...F0 } } " + string.Concat(Enumerable.Range(0, depth).Select(i => $"fragment F{i} on Node {{ node {{ ...F{i + 1} }} }} "))
        + $"fragment F{depth} on Node {{ name }}";

    private static string Doubling(int depth, string leaf) =>
        "{ ...F0 } " + string.Concat(Enumerable.Range(0, depth).Select(i => $"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }} "))
        + $"fragment F{depth} on Query {{ {leaf} }}";

    // The least of some: other tests run in this process at the same time.
    private async Task<(GraphQLAnswer Answer, TimeSpan Cpu)> CheapestAsync(string query)
    {
        var answer = await host.Http.AskAsync(host.Url, query);
        var least = TimeSpan.MaxValue;
        for (var i = 0; i < 6; i++)
        {
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            answer = await host.Http.AskAsync(host.Url, query);
            cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            least = cpu < least ? cpu : least;
        }

        return (answer, least);
    }
}
