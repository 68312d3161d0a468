using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.EndToEnd.Tests;

/// <summary>What a client does with the API.</summary>
internal static class Orders
{
    public static async Task<string> FirstIdAsync(this HttpClient api, string list)
    {
        using var page = await api.JsonAsync($"api/v1/{list}?limit=1");
        return page.RootElement.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    public static async Task<string> PlaceOrderAsync(this HttpClient api, string customer, string product, int quantity = 1)
    {
        using var response = await api.PostAsJsonAsync(
            new Uri("api/v1/orders", UriKind.Relative), new { customerId = customer, lines = new[] { new { productId = product, quantity } } });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Created, body);
        using var order = JsonDocument.Parse(body);
        Assert.Equal("placed", order.RootElement.GetProperty("status").GetString());
        return order.RootElement.GetProperty("id").GetString()!;
    }

    public static async Task<string> StatusAsync(this HttpClient api, string order)
    {
        using var found = await api.JsonAsync($"api/v1/orders/{order}");
        return found.RootElement.GetProperty("status").GetString()!;
    }

    public static async Task<JsonDocument> JsonAsync(this HttpClient api, string path)
    {
        using var response = await api.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {body}");
        return JsonDocument.Parse(body);
    }
}
