using System.Net;
using System.Text.Json;
using Platform.Client;
using Platform.Identifiers;

namespace Platform.EndToEnd.Tests;

/// <summary>A product from its making to its end, by a program that knows the typed client alone.</summary>
public sealed class TypedClientTests(RunningPlatform platform)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Product_is_made_once_changed_in_the_version_that_was_seen_followed_and_removed()
    {
        using var http = new HttpClient(new ClientCredentialsHandler(new Uri(platform.Api, "/connect/token"), "demo", "demo-secret") { InnerHandler = new SocketsHttpHandler() })
        {
            BaseAddress = platform.Api,
        };
        var api = new PlatformClient(http);
        var cursor = await EndOfChangesAsync(api);

        var key = Uuid7.Next(TimeProvider.System).ToString();
        var request = new ProductRequest { Sku = $"TC-{key}", Name = "Typed", Price = new() { Amount = 1.90m, Currency = "EUR" } };
        var made = await api.Products.CreateProductAsync(request, key, Stop);
        var repeated = await api.Products.CreateProductAsync(request, key, Stop);
        Assert.Equal((HttpStatusCode.Created, false, true), (made.Status, made.Replayed, repeated.Replayed));
        Assert.Equal(made.Required, repeated.Required);
        var id = made.Required.Id;

        var seen = await api.Products.GetProductAsync(id, cancellationToken: Stop);
        Assert.Equal(made.ETag, seen.ETag);
        Assert.True((await api.Products.GetProductAsync(id, seen.ETag, Stop)).IsNotModified);
        var renamed = await api.Products.PatchProductAsync(id, new() { ["name"] = "Renamed" }, seen.ETag, Stop);
        Assert.Equal("Renamed", renamed.Required.Name);

        var late = await Assert.ThrowsAsync<PlatformException>(() => api.Products.UpdateProductAsync(id, request, seen.ETag, Stop));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "PRECONDITION_FAILED"), (late.Status, late.Code));
        var wrong = await Assert.ThrowsAsync<PlatformException>(() => api.Products.UpdateProductAsync(id, request with { Name = "", Sku = "" }, renamed.ETag, Stop));
        Assert.Equal(["/sku", "/name"], wrong.Fields.Select(field => field.Pointer));

        // Found by its unit, and heard of by who follows the changes.
        Assert.Equal([id], (await api.Products.ListProductsAsync(sku: request.Sku, cancellationToken: Stop)).Required.Items.Select(product => product.Id));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (var change in api.Sync.StreamChangesAsync(cursor, cancellationToken: limit.Token))
        {
            using var told = JsonDocument.Parse(change.Data);
            if (told.RootElement.GetProperty("changes").EnumerateArray().Any(item => item.GetProperty("id").GetGuid() == id))
            {
                break;
            }
        }

        await api.Products.DeleteProductAsync(id, renamed.ETag, Stop);
        var gone = await Assert.ThrowsAsync<PlatformException>(() => api.Products.GetProductAsync(id, cancellationToken: Stop));
        Assert.Equal("RESOURCE_NOT_FOUND", gone.Code);
    }

    private static async Task<string> EndOfChangesAsync(PlatformClient api)
    {
        string? cursor = null;
        while (true)
        {
            var page = (await api.Sync.SyncAsync(cursor, limit: 500, cancellationToken: Stop)).Required;
            cursor = page.Cursor;
            if (!page.More)
            {
                return cursor;
            }
        }
    }
}
