using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.PersistedDocuments;

/// <summary>Requests that name their document by an identifier.</summary>
internal static class PersistedRequests
{
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static Task<GraphQLAnswer> PostAsync(
        this PlatformHost host, object body, string accept = GraphQLAnswer.GraphQLResponse, string? token = null, string? client = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, host.Url) { Content = JsonContent.Create(body) };
        if (client is not null)
        {
            request.Headers.Add("graphql-client-name", client);
        }

        return host.Http.AskAsync(request, accept, token ?? host.Token());
    }

    public static Task<GraphQLAnswer> GetAsync(this PlatformHost host, string accept, params (string Name, string Value)[] parameters)
    {
        var query = string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value)}"));
        return host.Http.AskAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(host.Url, "?" + query)), accept, host.Token());
    }

    public static object Apollo(string hash, string? query = null, object? variables = null, int version = 1) => query is null
        ? new { variables, extensions = new { persistedQuery = new { version, sha256Hash = hash } } }
        : new { query, variables, extensions = new { persistedQuery = new { version, sha256Hash = hash } } };

    public static string ApolloExtension(string hash) => JsonSerializer.Serialize(new { persistedQuery = new { version = 1, sha256Hash = hash } });

    public static async Task<long> CountAsync(this PlatformHost host, string sql, params object[] parameters)
    {
        await using var database = NpgsqlDataSource.Create(host.Database.ConnectionString);
        await using var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.AddWithValue(parameter);
        }

        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
