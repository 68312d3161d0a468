using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Platform.GraphQL.Tests.Hosting;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Limits;

/// <summary>The service with budgets that do not end, and room for few documents, so that it is full soon.</summary>
public sealed class RandomDocumentHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings =>
        [("Cost:Staff:PerMinute", "1000000000"), ("PersistedDocuments:MemoryDocuments", "200")];
}

[Collection(Alone.Name)]
public sealed class RandomDocumentTests(RandomDocumentHost host) : IClassFixture<RandomDocumentHost>
{
    /// <summary>How many documents; a few by default. <c>GRAPHQL_DOCUMENTS=100000</c> for the long form.</summary>
    private const string Count = "GRAPHQL_DOCUMENTS";

    private const int Workers = 4;
    private const long MaxGrowth = 48 * 1_024 * 1_024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Random_documents_are_answered_or_refused_and_leave_nothing_behind()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable(Count) ?? "1200", CultureInfo.InvariantCulture);
        var answers = new ConcurrentDictionary<(bool Mutated, HttpStatusCode Status, bool Clean), int>();

        await AskAsync(0, count / 2, answers);
        var before = Memory();
        await AskAsync(count / 2, count, answers);
        var growth = Memory() - before;

        var summary = string.Join(", ", answers.OrderByDescending(pair => pair.Value).Select(pair => $"{pair.Key}: {pair.Value}"));
        TestContext.Current.SendDiagnosticMessage($"{count} documents, {growth / 1_024} KB more memory in the second half; {summary}");
        Assert.True(growth < MaxGrowth, $"{growth} bytes more");
        Assert.True(answers.Where(pair => pair.Key is { Mutated: false, Clean: true }).Sum(pair => pair.Value) > count / 8, $"too few are answered: {summary}");
        Assert.True(answers.Where(pair => pair.Key is { Mutated: true, Status: HttpStatusCode.BadRequest }).Sum(pair => pair.Value) > count / 8, $"too few are refused: {summary}");
    }

    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private Task AskAsync(int from, int to, ConcurrentDictionary<(bool Mutated, HttpStatusCode Status, bool Clean), int> answers) => Task.WhenAll(
        Enumerable.Range(0, Workers).Select(async worker =>
        {
            for (var i = from + worker; i < to; i += Workers)
            {
                var random = new Random(20261126 + i);
                var (document, variables) = new RandomDocuments(host.Schema, random).Next();
                var isMutated = random.Next(2) == 0;
                document = isMutated ? Mutation.Of(document, random) : document;

                var answer = await host.AskAsync(document, variables).WaitAsync(Patience, TestContext.Current.CancellationToken);

                Assert.True((int)answer.Status < 500, $"{(int)answer.Status} {answer.Body}: {document}");
                var codes = answer.Errors.Select(e => e.GetProperty("extensions").GetProperty("code").GetString()).ToArray();
                Assert.False(codes.Contains("INTERNAL_ERROR"), $"{answer.Body}: {document}");
                Assert.InRange(codes.Length, 0, 5);
                Assert.DoesNotContain("System.", answer.Body.GetRawText(), StringComparison.Ordinal);
                answers.AddOrUpdate((isMutated, answer.Status, codes.Length == 0), 1, (_, seen) => seen + 1);
            }
        }));
}
