using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;
using Platform.Testing;

namespace Platform.GraphQL.Tests.Transport;

/// <summary>A service that takes batches.</summary>
public sealed class BatchingHost(PostgresFixture postgres) : PlatformHost(postgres)
{
    protected override IEnumerable<(string Key, string Value)> Settings => [("MaxBatchOperations", "10")];
}

/// <summary>The clients that people use, as they come from npm, against the service itself.</summary>
public sealed class ClientTests(BatchingHost host) : IClassFixture<BatchingHost>
{
    [Fact]
    public async Task Unmodified_clients_query_change_and_subscribe()
    {

        var output = await Conformance.RunAsync("clients.mjs", host.Url.ToString(), host.Token(), host.Token(ApiScopes.CatalogRead));

        var actual = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(output)!;
        var expected = new Dictionary<string, string>
        {
            ["apollo 3"] = """{"query":2,"mutation":"Client","wrong":"Cannot query field 'nothingOfTheKind' on type 'Query'.","event":"PLACED true","hashed":3,"batched":[1,2]}""",
            ["apollo 4"] = """{"query":2,"mutation":"Client","wrong":"Cannot query field 'nothingOfTheKind' on type 'Query'.","event":"PLACED true","hashed":3,"batched":[1,2]}""",
            ["urql"] = """{"query":2,"got":3,"mutation":"Client","wrong":"[GraphQL] Cannot query field 'nothingOfTheKind' on type 'Query'.","event":"PLACED true","socketEvent":"PLACED true"}""",
            ["graphql-request"] = """{"query":2,"mutation":"Client","wrong":"true VALIDATION_ERROR","batched":[1,2]}""",
            ["graphql-ws"] = """{"query":2,"mutation":"Client","wrong":"VALIDATION_ERROR","event":"PLACED true","nobody":4403,"forged":4403,"forbidden":"FORBIDDEN"}""",
            ["graphql-sse distinct"] = """{"query":2,"wrong":"VALIDATION_ERROR","event":"PLACED true"}""",
            ["graphql-sse single"] = """{"query":2,"wrong":200,"event":"PLACED true"}""",
            ["EventSource"] = """{"event":"PLACED true","id":true}""",
            ["relay"] = """{"query":2,"mutation":"Client","event":"PLACED true","pages":true,"node":"Product"}""",
        };
        Assert.Equal(expected.Keys, actual.Keys);
        Assert.Multiple([.. expected.Select(client => (Action)(() => Assert.Equal($"{client.Key} {client.Value}", $"{client.Key} {actual[client.Key].GetRawText()}")))]);
    }
}
