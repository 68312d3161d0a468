using System.Net;
using System.Text.Json;
using Platform.Client;

namespace Platform.EndToEnd.Tests;

/// <summary>What a client does with the API, through the typed client.</summary>
internal static class Orders
{
    public static async Task<string> FirstIdAsync(this HttpClient http, string list)
    {
        var api = new PlatformClient(http);
        var id = list switch
        {
            "customers" => (await api.Customers.ListCustomersAsync(limit: 1)).Required.Items[0].Id,
            "products" => (await api.Products.ListProductsAsync(limit: 1)).Required.Items[0].Id,
            _ => throw new ArgumentOutOfRangeException(nameof(list)),
        };
        return id.ToString();
    }

    public static async Task<string> PlaceOrderAsync(this HttpClient http, string customer, string product, int quantity = 1)
    {
        var placed = await new PlatformClient(http).Orders.PlaceOrderAsync(new()
        {
            CustomerId = Guid.Parse(customer),
            Lines = [new() { ProductId = Guid.Parse(product), Quantity = quantity }],
        });
        Assert.Equal((HttpStatusCode.Created, OrderResponseStatus.Placed), (placed.Status, placed.Required.Status));
        return placed.Required.Id.ToString();
    }

    public static async Task<string> StatusAsync(this HttpClient http, string order) =>
        (await new PlatformClient(http).Orders.GetOrderAsync(Guid.Parse(order))).Required.Status.Value;

    public static async Task<JsonDocument> JsonAsync(this HttpClient api, string path)
    {
        using var response = await api.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body);
    }
}
