using System.Net;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Limits;

[Collection(SharedPlatform.Name)]
public sealed class MutatedDocumentTests(PlatformHost host)
{
    private const int Documents = 1_000;

    private static readonly string[] Seeds =
    [
        "query Q($id: ID = \"01900000-0000-7000-8000-000000000000\", $n: Int = 3) { orders(first: $n, status: PAID, customerId: $id) { edges { cursor node { id total { amount } } } pageInfo { endCursor } } }",
        "{ a: order(id: \"01900000-0000-7000-8000-000000000000\") { ...O } products(first: 2, after: null) { edges { node { sku price { amount currency } } } } } fragment O on Order { id lines { quantity product { name } } ... on Order @include(if: true) { customer { email } } }",
        "mutation M($input: PlaceOrderInput! = { customerId: \"01900000-0000-7000-8000-000000000000\", lines: [{ productId: \"01900000-0000-7000-8000-000000000000\", quantity: 0 }] }) { placeOrder(input: $input) { order { id } userErrors { pointer code message } } }",
        "{ __schema { types { name kind fields(includeDeprecated: true) { name args { name defaultValue type { name ofType { name } } } } } directives { name locations } } __type(name: \"Order\") { name } }",
    ];

    [Fact]
    public async Task The_documents_before_the_mutation_are_valid()
    {
        foreach (var document in Seeds)
        {
            var answer = await host.AskAsync(document);

            Assert.True(answer.Status == HttpStatusCode.OK && answer.Errors.Count == 0, answer.Body.GetRawText());
        }
    }

    [Fact]
    public async Task No_document_makes_the_service_fail()
    {
        var random = new Random(20261123);
        var statuses = new Dictionary<HttpStatusCode, int>();
        for (var i = 0; i < Documents; i++)
        {
            var document = Mutation.Of(Seeds[i % Seeds.Length], random);

            var answer = await host.AskAsync(document, random.Next(3) == 0 ? new { id = (object)i, n = "x", input = (object?)null } : null);

            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{(int)answer.Status}: {document}");
            Assert.DoesNotContain(answer.Errors, e => e.GetProperty("extensions").GetProperty("code").GetString() == "INTERNAL_ERROR");
            Assert.DoesNotContain("System.", answer.Body.GetRawText(), StringComparison.Ordinal);
        }

        Assert.True(statuses[HttpStatusCode.OK] > Documents / 50, $"too few of {string.Join(", ", statuses)} are valid");
        Assert.True(statuses[HttpStatusCode.BadRequest] > Documents / 50, $"too few of {string.Join(", ", statuses)} are invalid");
    }
}
