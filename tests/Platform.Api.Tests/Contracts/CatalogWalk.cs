using System.Net;
using System.Text.Json.Nodes;
using Platform.Client;

namespace Platform.Api.Tests.Contracts;

/// <summary>Customers and products, through the typed client.</summary>
internal sealed class CatalogWalk(PlatformClient client)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task RunAsync()
    {
        await CustomersAsync();
        await ProductsAsync();
    }

    private async Task CustomersAsync()
    {
        var customers = client.Customers;
        var created = await customers.CreateCustomerAsync(new() { Name = "Wanda Walker", Email = "wanda@example.com" }, idempotencyKey: "walk-1", cancellationToken: Cancel);
        var again = await customers.CreateCustomerAsync(new() { Name = "Wanda Walker", Email = "wanda@example.com" }, idempotencyKey: "walk-1", cancellationToken: Cancel);
        Assert.Equal((HttpStatusCode.Created, true, created.Required.Id), (again.Status, again.Replayed, again.Required.Id));
        Assert.Equal($"/api/v1/customers/{created.Required.Id}", created.Location!.ToString());

        var read = await customers.GetCustomerAsync(created.Required.Id, cancellationToken: Cancel);
        Assert.True((await customers.GetCustomerAsync(read.Required.Id, ifNoneMatch: read.ETag, cancellationToken: Cancel)).IsNotModified);
        var updated = await customers.UpdateCustomerAsync(read.Required.Id, new() { Name = "Wanda W.", Email = "wanda@example.com" }, read.ETag, Cancel);
        var stale = await Assert.ThrowsAsync<PlatformException>(() => customers.UpdateCustomerAsync(read.Required.Id, new() { Name = "Late", Email = "wanda@example.com" }, read.ETag, Cancel));
        Assert.Equal((HttpStatusCode.PreconditionFailed, "PRECONDITION_FAILED"), (stale.Status, stale.Code));
        var patched = await customers.PatchCustomerAsync(read.Required.Id, new JsonObject { ["name"] = "Wanda" }, updated.ETag, Cancel);
        Assert.Equal("Wanda", patched.Required.Name);

        var list = await customers.ListCustomersAsync(email: "WANDA@example.com", sort: ListCustomersSort.NameDescending, cancellationToken: Cancel);
        Assert.Equal(created.Required.Id, Assert.Single(list.Required.Items).Id);
        Assert.True((await customers.ListCustomersAsync(email: "WANDA@example.com", sort: ListCustomersSort.NameDescending, ifNoneMatch: list.ETag, cancellationToken: Cancel)).IsNotModified);
        Assert.NotNull(list.RateLimit);

        var ids = await customers.ListCustomersAllAsync(limit: 7, cancellationToken: Cancel).Select(customer => customer.Id).ToListAsync(Cancel);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Contains(created.Required.Id, ids);
        Assert.Equal(HttpStatusCode.NoContent, (await customers.DeleteCustomerAsync(created.Required.Id, patched.ETag, Cancel)).Status);
    }

    private async Task ProductsAsync()
    {
        var products = client.Products;
        var request = new ProductRequest { Sku = "WALK-1", Name = "Walking stick", Price = new() { Amount = 19.90m, Currency = "EUR" } };
        var created = await products.CreateProductAsync(request, cancellationToken: Cancel);
        var refused = await Assert.ThrowsAsync<PlatformException>(() => products.CreateProductAsync(request with { Sku = "", Name = "" }, cancellationToken: Cancel));
        Assert.Equal(["/name", "/sku"], refused.Fields.Select(field => field.Pointer).Order());
        var batch = await products.CreateProductsAsync(new() { Items = [request with { Sku = "WALK-2" }, request] }, cancellationToken: Cancel);
        Assert.Equal(2, batch.Required.Items.Count);

        var read = await products.GetProductAsync(created.Required.Id, cancellationToken: Cancel);
        Assert.Equal(19.90m, read.Required.Price.Amount);
        Assert.True((await products.GetProductAsync(created.Required.Id, ifNoneMatch: read.ETag, cancellationToken: Cancel)).IsNotModified);
        await products.UpdateProductAsync(created.Required.Id, request with { Active = false }, cancellationToken: Cancel);
        var patched = await products.PatchProductAsync(created.Required.Id, new JsonObject { ["active"] = true }, cancellationToken: Cancel);
        Assert.True(patched.Required.Active);
        var list = await products.ListProductsAsync(sku: "WALK-1", cancellationToken: Cancel);
        Assert.True((await products.ListProductsAsync(sku: "WALK-1", ifNoneMatch: list.ETag, cancellationToken: Cancel)).IsNotModified);
        await products.DeleteProductAsync(created.Required.Id, patched.ETag, Cancel);
    }
}
