using System.Net;
using Platform.GraphQL.Tests.Hosting;
using static Platform.GraphQL.Tests.PersistedDocuments.PersistedRequests;

namespace Platform.GraphQL.Tests.PersistedDocuments;

[Collection(SharedPlatform.Name)]
public sealed class PersistedQueryTests(PlatformHost host)
{
    private const string Json = "application/json";

    [Theory]
    [InlineData(GraphQLAnswer.GraphQLResponse)]
    [InlineData(Json)]
    public async Task Query_hash_is_404_until_the_query_came_along_once(string accept)
    {
        var query = "{ products(first: 1) { edges { node { name } } } } # " + accept;
        var hash = Sha256(query);

        var unknown = await host.PostAsync(new { queryHash = hash }, accept);
        var registered = await host.PostAsync(new { query, queryHash = hash }, accept);
        var known = await host.PostAsync(new { queryHash = hash.ToUpperInvariant() }, accept);
        var byGet = await host.GetAsync(accept, ("queryHash", hash));

        Assert.Equal((HttpStatusCode.NotFound, "PERSISTED_QUERY_NOT_FOUND"), (unknown.Status, unknown.Code));
        Assert.All([registered, known, byGet], answer => Assert.Equal((HttpStatusCode.OK, 0), (answer.Status, answer.Errors.Count)));
        Assert.Equal(registered.Data.GetRawText(), known.Data.GetRawText());
        Assert.Equal(registered.Data.GetRawText(), byGet.Data.GetRawText());
    }

    [Theory]
    [InlineData(GraphQLAnswer.GraphQLResponse)]
    [InlineData(Json)]
    public async Task Apollos_form_is_told_under_200_by_the_message_that_its_clients_compare(string accept)
    {
        var query = "query Apollo($n: Int!) { products(first: $n) { edges { node { name } } } } # " + accept;
        var hash = Sha256(query);

        var unknown = await host.PostAsync(Apollo(hash, variables: new { n = 2 }), accept);
        var registered = await host.PostAsync(Apollo(hash, query, new { n = 2 }), accept);
        var known = await host.PostAsync(Apollo(hash, variables: new { n = 3 }), accept);
        var byGet = await host.GetAsync(accept, ("extensions", ApolloExtension(hash)), ("variables", """{"n":1}"""));

        Assert.Equal((HttpStatusCode.OK, "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"), (unknown.Status, unknown.Message, unknown.Code));
        Assert.Equal(2, Count(registered));
        Assert.Equal(3, Count(known));
        Assert.Equal(1, Count(byGet));
    }

    [Fact]
    public async Task Document_id_follows_the_appendix_of_the_specification()
    {
        const string Query = "{ products(first: 1) { edges { node { sku } } } }";
        var id = "sha256:" + Sha256(Query);

        var unknown = await host.PostAsync(new { documentId = id });
        var unknownForOlderClients = await host.PostAsync(new { documentId = id }, Json);
        await host.PostAsync(new { query = Query, queryHash = Sha256(Query) });
        var known = await host.PostAsync(new { documentId = id });
        var byGet = await host.GetAsync(Json, ("documentId", id));

        Assert.Equal((HttpStatusCode.NotFound, "PERSISTED_QUERY_NOT_FOUND"), (unknown.Status, unknown.Code));
        Assert.Equal((HttpStatusCode.OK, "PERSISTED_QUERY_NOT_FOUND"), (unknownForOlderClients.Status, unknownForOlderClients.Code));
        Assert.Empty(known.Errors);
        Assert.Empty(byGet.Errors);
    }

    [Fact]
    public async Task Query_that_is_not_the_one_of_its_hash_is_refused_and_takes_nobodys_place()
    {
        const string Honest = "{ products(first: 2) { edges { node { sku } } } }";
        var hash = Sha256(Honest);

        var poison = await host.PostAsync(new { query = "{ customers(first: 2) { edges { node { email } } } }", queryHash = hash });
        var apollo = await host.PostAsync(Apollo(hash, "{ __typename }"));
        var after = await host.PostAsync(new { queryHash = hash });

        Assert.Equal((HttpStatusCode.BadRequest, "PERSISTED_QUERY_HASH_MISMATCH"), (poison.Status, poison.Code));
        Assert.Equal((HttpStatusCode.BadRequest, "PERSISTED_QUERY_HASH_MISMATCH"), (apollo.Status, apollo.Code));
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
    }

    [Theory]
    [InlineData("""{"queryHash": "abc"}""")]
    [InlineData("""{"queryHash": 7}""")]
    [InlineData("""{"documentId": ""}""")]
    [InlineData("""{"documentId": "md5:0123456789abcdef"}""")]
    [InlineData("""{"documentId": "sha256:ABC"}""")]
    [InlineData("""{"documentId": "spaces are none"}""")]
    [InlineData("""{"extensions": {"persistedQuery": {"version": 1}}}""")]
    [InlineData("""{"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}}""")]
    [InlineData("""{"extensions": {"persistedQuery": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}}""")]
    [InlineData("""{"queryHash": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "documentId": "another"}""")]
    [InlineData("""{"query": "{ __typename }", "documentId": "chosen-by-the-client"}""")]
    [InlineData("{}")]
    public async Task Identifier_that_is_none_is_a_malformed_request(string body)
    {
        var answer = await host.PostAsync(System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(body));

        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_INPUT"), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData("{ nothing }")]
    [InlineData("{ products(first: 1) {")]
    [InlineData("{ a: customers(first: 100) { edges { node { orders(first: 100) { edges { node { lines { quantity } } } } } } } }")]
    public async Task Document_that_is_refused_is_not_kept(string query)
    {
        var hash = Sha256(query);

        var refused = await host.PostAsync(new { query, queryHash = hash });
        var after = await host.PostAsync(new { queryHash = hash });

        Assert.NotEmpty(refused.Errors);
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
        Assert.Equal(0, await host.CountAsync("select count(*) from platform.core_persisted_document where id = $1", "sha256:" + hash));
    }

    [Fact]
    public async Task Known_document_is_held_to_variables_limits_and_permissions_each_time()
    {
        const string Query = "query Q($n: Int!) { customers(first: $n) { edges { node { name orders(first: $n) { edges { node { id } } } } } } }";
        var hash = Sha256(Query);
        var first = await host.PostAsync(new { query = Query, queryHash = hash, variables = new { n = 2 } });

        var wrongVariable = await host.PostAsync(new { queryHash = hash, variables = new { } });
        var tooMuch = await host.PostAsync(new { queryHash = hash, variables = new { n = 101 } });
        var noScope = await host.PostAsync(new { queryHash = hash, variables = new { n = 2 } }, token: host.Token("orders.read"));

        Assert.Empty(first.Errors);
        Assert.Equal((HttpStatusCode.BadRequest, "VALIDATION_ERROR"), (wrongVariable.Status, wrongVariable.Code));
        Assert.NotEmpty(tooMuch.Errors);
        Assert.Equal("FORBIDDEN", noScope.Code);
    }

    [Fact]
    public async Task Mutation_runs_by_its_hash_with_post_only()
    {
        const string Mutation = "mutation { cancelOrder(input: { orderId: \"01900000-0000-7000-8000-000000000000\" }) { userErrors { code } } }";
        var hash = Sha256(Mutation);

        var registered = await host.PostAsync(new { query = Mutation, queryHash = hash });
        var byPost = await host.PostAsync(new { queryHash = hash });
        var byGet = await host.GetAsync(Json, ("queryHash", hash));

        Assert.Equal(HttpStatusCode.OK, registered.Status);
        Assert.Equal(HttpStatusCode.OK, byPost.Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, byGet.Status);
    }

    [Fact]
    public async Task Apollos_own_link_registers_once_and_then_sends_hashes_only()
    {
        var output = await Transport.Conformance.RunAsync("apollo-persisted.mjs", host.Url.ToString(), host.Token());

        var report = System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(output);
        Assert.Equal(["hash", "hash+query", "hash", "hash"], report.GetProperty("sent").EnumerateArray().Select(e => e.GetString()));
        Assert.Equal([2, 3, 4], report.GetProperty("received").EnumerateArray().Select(e => e.GetInt32()));
    }

    private static int Count(GraphQLAnswer answer) => answer.Data.GetProperty("products").GetProperty("edges").GetArrayLength();
}
