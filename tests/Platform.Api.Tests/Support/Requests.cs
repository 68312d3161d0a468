using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Platform.Api.Tests.Support;

internal static class Requests
{
    public static Task<HttpResponseMessage> RequestTokenAsync(
        this HttpClient client, string id = "demo", string secret = "demo-secret", string? scope = null)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = id, ["client_secret"] = secret };
        if (scope is not null)
        {
            form["scope"] = scope;
        }

        return client.PostAsync("/connect/token", new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);
    }

    public static async Task<string> TokenAsync(this HttpClient client, params string[] scopes)
    {
        using var response = await client.RequestTokenAsync(scope: scopes.Length == 0 ? null : string.Join(' ', scopes));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.JsonAsync())["access_token"]!.GetValue<string>();
    }

    public static async Task<JsonObject> JsonAsync(this HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken))!;

    public static async Task<JsonObject> GetJsonAsync(this HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.JsonAsync();
    }

    public static Task<HttpResponseMessage> SendJsonAsync(this HttpClient client, HttpMethod method, string path, string body)
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        return client.SendAsync(new HttpRequestMessage(method, path) { Content = content }, TestContext.Current.CancellationToken);
    }

    public static Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string body) =>
        client.SendJsonAsync(HttpMethod.Post, path, body);

    public static Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string path, string body) =>
        client.SendJsonAsync(HttpMethod.Put, path, body);

    /// <summary>The id of the first item of a list.</summary>
    public static async Task<string> AnyIdAsync(this HttpClient client, string list) =>
        (await client.GetJsonAsync($"{list}?limit=1"))["items"]![0]!["id"]!.GetValue<string>();

    public static async Task<string> OrderBodyAsync(this HttpClient client, int quantity = 2) =>
        $$"""
        {
          "customerId": "{{await client.AnyIdAsync("/api/v1/customers")}}",
          "lines": [{ "productId": "{{await client.AnyIdAsync("/api/v1/products")}}", "quantity": {{quantity}} }]
        }
        """;
}
