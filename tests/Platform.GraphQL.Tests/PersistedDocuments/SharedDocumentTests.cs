using System.Net;
using Platform.Testing;
using StackExchange.Redis;
using static Platform.GraphQL.Tests.PersistedDocuments.PersistedRequests;

namespace Platform.GraphQL.Tests.PersistedDocuments;

/// <summary>Several replicas, and what they share.</summary>
public sealed class SharedDocumentTests(PostgresFixture postgres, RedisFixture redis)
{
    [Fact]
    public async Task Document_that_one_replica_was_given_is_known_to_all_with_and_without_redis()
    {
        var server = await redis.GetServerAsync();
        await using var one = await Replica.StartAsync(postgres, server.EndPoint);
        await using var other = await Replica.StartAsync(postgres, server.EndPoint, sameAs: one);
        await using var alone = await Replica.StartAsync(postgres, sameAs: one);
        var query = Unique("{ products(first: 1) { edges { node { name } } } }");
        await one.PostAsync(new { query, queryHash = Sha256(query) });

        Assert.Equal(HttpStatusCode.OK, (await other.PostAsync(new { queryHash = Sha256(query) })).Status);
        Assert.Equal(HttpStatusCode.OK, (await alone.PostAsync(new { queryHash = Sha256(query) })).Status);
    }

    [Fact]
    public async Task Text_that_somebody_put_into_redis_under_anothers_hash_is_not_run()
    {
        var server = await redis.GetServerAsync();
        await using var replica = await Replica.StartAsync(postgres, server.EndPoint);
        await using var connection = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        var hash = Sha256(Unique("{ products(first: 1) { edges { node { name } } } }"));
        await connection.GetDatabase().StringSetAsync("platform:graphql:document:sha256:" + hash, "{ customers(first: 1) { edges { node { email } } } }");

        var answer = await replica.PostAsync(new { queryHash = hash });

        Assert.Equal((HttpStatusCode.NotFound, "PERSISTED_QUERY_NOT_FOUND"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task Flood_of_documents_fills_neither_the_callers_budget_of_others_nor_the_table()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("MaxAutomatic", "5"), ("MaxRegistrationsPerMinute", "1000"));
        for (var i = 0; i < 20; i++)
        {
            var query = $"{{ products(first: 1) {{ edges {{ node {{ a{i}: name }} }} }} }}";
            Assert.Empty((await replica.PostAsync(new { query, queryHash = Sha256(query) })).Errors);
        }

        Assert.Equal(5, await replica.CountAsync("select count(*) from platform.core_persisted_document"));
    }

    [Fact]
    public async Task Caller_that_brings_too_many_is_answered_and_no_longer_kept()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("MaxRegistrationsPerMinute", "3"));
        for (var i = 0; i < 20; i++)
        {
            var query = $"{{ products(first: 1) {{ edges {{ node {{ a{i}: name }} }} }} }}";
            Assert.Empty((await replica.PostAsync(new { query, queryHash = Sha256(query) })).Errors);
        }

        // Twice the budget where the minute ended in between.
        Assert.InRange(await replica.CountAsync("select count(*) from platform.core_persisted_document"), 3, 6);
    }

    [Fact]
    public async Task Server_that_keeps_no_documents_says_so_in_the_form_of_the_request()
    {
        await using var replica = await Replica.StartAsync(postgres, null, null, ("Mode", "Off"));
        const string Query = "{ products(first: 1) { edges { node { name } } } }";

        var apollo = await replica.PostAsync(Apollo(Sha256(Query)));
        var hash = await replica.PostAsync(new { queryHash = Sha256(Query) });
        var whole = await replica.PostAsync(Apollo(Sha256(Query), Query));

        Assert.Equal((HttpStatusCode.OK, "PersistedQueryNotSupported"), (apollo.Status, apollo.Message));
        Assert.Equal((HttpStatusCode.BadRequest, "PERSISTED_QUERY_NOT_SUPPORTED"), (hash.Status, hash.Code));
        Assert.Empty(whole.Errors);
        Assert.Equal(0, await replica.CountAsync("select count(*) from platform.core_persisted_document"));
    }

    private static string Unique(string query) => $"{query} # {Guid.CreateVersion7()}";
}
