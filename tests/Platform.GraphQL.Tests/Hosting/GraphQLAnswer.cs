using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>What a service answered to a GraphQL request.</summary>
internal sealed record GraphQLAnswer(HttpStatusCode Status, string? MediaType, JsonElement Body, HttpResponseHeaders Headers, int Bytes)
{
    public const string GraphQLResponse = "application/graphql-response+json";

    public JsonElement Data => Body.GetProperty("data");

    public IReadOnlyList<JsonElement> Errors => Body.TryGetProperty("errors", out var errors) ? [.. errors.EnumerateArray()] : [];

    public JsonElement Error => Assert.Single(Errors);

    public string Code => Error.GetProperty("extensions").GetProperty("code").GetString()!;

    public string Message => Error.GetProperty("message").GetString()!;
}

internal static class GraphQLClient
{
    /// <summary>Posts a document as a modern client does.</summary>
    public static Task<GraphQLAnswer> AskAsync(
        this HttpClient http, Uri url, string query, object? variables = null, string? accept = GraphQLAnswer.GraphQLResponse, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = JsonContent.Create(new { query, variables }) };
        return http.AskAsync(request, accept, token);
    }

    /// <summary>Sends any request and reads what comes back.</summary>
    public static async Task<GraphQLAnswer> AskAsync(
        this HttpClient http, HttpRequestMessage request, string? accept = GraphQLAnswer.GraphQLResponse, string? token = null)
    {
        using (request)
        {
            if (accept is not null)
            {
                request.Headers.TryAddWithoutValidation("Accept", accept);
            }

            if (token is not null)
            {
                request.Headers.Authorization = new("Bearer", token);
            }

            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            var body = bytes.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(bytes);
            return new(response.StatusCode, response.Content.Headers.ContentType?.MediaType, body, response.Headers, bytes.Length);
        }
    }
}
