using System.Text.Json;
using Platform.Client;

namespace Platform.Api.Tests.Contracts;

/// <summary>Keeping in step, through the typed client.</summary>
internal sealed class SyncWalk(PlatformClient client)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        var page = (await client.Sync.SyncAsync(limit: 500, cancellationToken: Cancel)).Required;
        while (page.More)
        {
            page = (await client.Sync.SyncAsync(page.Cursor, 500, cancellationToken: Cancel)).Required;
        }

        var upload = await client.Sync.UploadChangesAsync(
            new()
            {
                Changes =
                [
                    new()
                    {
                        ChangeId = "walk", Kind = OfflineChangeKind.Customer, Operation = OfflineChangeOperation.Create,
                        Value = JsonElement.Parse("""{ "name": "Off Line", "email": "off.line@example.com" }"""),
                    },
                ],
            },
            Cancel);
        var applied = Assert.Single(upload.Required.Results);
        Assert.Equal(OfflineResultStatus.Applied, applied.Status);

        await foreach (var item in client.Sync.StreamChangesAsync(lastEventID: page.Cursor, cancellationToken: Cancel))
        {
            Assert.Equal("changes", item.EventType);
            if (item.Data.Contains(applied.Current!.Id.ToString(), StringComparison.Ordinal))
            {
                break;
            }
        }
    }
}
