using Microsoft.Extensions.DependencyInjection;
using Platform.GraphQL.PersistedDocuments;
using Platform.GraphQL.Tests.Hosting;
using static Platform.GraphQL.Tests.PersistedDocuments.PersistedRequests;

namespace Platform.GraphQL.Tests.PersistedDocuments;

[Collection(SharedPlatform.Name)]
public sealed class UsageLedgerTests(PlatformHost host)
{
    [Fact]
    public async Task No_run_is_lost_that_is_counted_while_counts_are_written()
    {
        const int Threads = 4;
        const int RunsEach = 20_000;
        var query = $"{{ __typename }} # {Guid.CreateVersion7()}";
        Assert.Empty((await host.PostAsync(new { query, queryHash = Sha256(query) })).Errors);
        var id = DocumentIdentifier.Of(query);
        var ledger = host.Services.GetRequiredService<UsageLedger>();

        var runs = Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < RunsEach; i++)
            {
                ledger.Used(id);
            }
        })));
        do
        {
            await ledger.FlushAsync(TestContext.Current.CancellationToken);
        }
        while (!runs.IsCompleted);
        await runs;
        await ledger.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1 + (Threads * RunsEach), await host.CountAsync($"select uses from platform.core_persisted_document where id = '{id}'"));
    }
}
