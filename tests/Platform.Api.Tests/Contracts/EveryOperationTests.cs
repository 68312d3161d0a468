using System.Globalization;
using Platform.Api.Tests.Support;
using Platform.Client;

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

        var documented = CommittedContract.Document.Operations
            .SelectMany(operation => operation.Responses.Keys.Where(status => status[0] is '2' or '3').Select(status => (operation.Id, Status: int.Parse(status, CultureInfo.InvariantCulture))));
        Assert.Empty(documented.Except(contract.Seen.Keys.Select(seen => (seen.Operation, seen.Status))));
    }
}
