using System.Globalization;
using System.Net;
using Platform.Api.Tests.Support;
using Platform.Client;
using Platform.Testing;

namespace Platform.Api.Tests.Contracts;

/// <summary>
/// Calls every operation of the document through the typed client, as its users do, and holds every answer against the document. What nobody called is named.
/// </summary>
public sealed class EveryOperationTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Every_operation_is_called_and_gives_every_success_that_is_documented()
    {
        var contract = new ContractHandler();
        using var http = api.Watched(contract);
        var client = new PlatformClient(http);
        await new CatalogWalk(client).RunAsync();
        await new OrdersWalk(client, api).RunAsync();
        await new SyncWalk(client).RunAsync();
        await new FlagsWalk(client).RunAsync();
        await new OperatorsWalk(client, api).RunAsync();
        await WebhookWalk.RunAsync(http, api);

        await AskAgainAsync(http, contract);
        var documented = CommittedContract.Document.Operations
            .SelectMany(operation => operation.Responses.Keys.Where(status => status[0] is '2' or '3').Select(status => (operation.Id, Status: int.Parse(status, CultureInfo.InvariantCulture))));
        Assert.Empty(documented.Except(contract.Seen.Keys.Select(seen => (seen.Operation, seen.Status))));
    }

    // What was read with a tag is read once more, and asked about: 304. What operators look at may change in between.
    private static async Task AskAgainAsync(HttpClient http, ContractHandler contract)
    {
        foreach (var (operation, address) in contract.Read.Where(read => !contract.Seen.ContainsKey((read.Key, 304))))
        {
            await Eventually.BecomesTrueAsync(async () =>
            {
                using var read = await http.GetAsync(address, TestContext.Current.CancellationToken);
                Assert.True(read.IsSuccessStatusCode, $"{operation}: {read.StatusCode}");
                using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { read.Headers.ETag! } } };
                using var again = await http.SendAsync(request, TestContext.Current.CancellationToken);
                return again.StatusCode == HttpStatusCode.NotModified;
            });
        }
    }
}
