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

    private static readonly string[] Tokens =
    [
        "{", "}", "(", ")", "[", "]", ":", "!", "$", "@", "...", "|", "=", "&", "\"", "\"\"\"", "#", ",", "\n", "\r", "\\u", "\\uD800", "\0", "\uFEFF", "é", "😀", "null",
        "true", "1", "-0", "1e999", "99999999999999999999", "0x1", "on", "fragment", "query", "mutation", "subscription", "type", "extend", "__typename", "id", "first",
        "@skip(if: true)", "@include(if: $n)", "@deprecated", "...O", "... on Query", "$id", "$missing", "{ id }", "(id: 1)", "orders", "customer", "schema",
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
            var document = Mutate(Seeds[i % Seeds.Length], random);

            var answer = await host.AskAsync(document, random.Next(3) == 0 ? new { id = (object)i, n = "x", input = (object?)null } : null);

            statuses[answer.Status] = statuses.GetValueOrDefault(answer.Status) + 1;
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{(int)answer.Status}: {document}");
            Assert.DoesNotContain(answer.Errors, e => e.GetProperty("extensions").GetProperty("code").GetString() == "INTERNAL_ERROR");
            Assert.DoesNotContain("System.", answer.Body.GetRawText(), StringComparison.Ordinal);
        }

        Assert.True(statuses[HttpStatusCode.OK] > Documents / 50, $"too few of {string.Join(", ", statuses)} are valid");
        Assert.True(statuses[HttpStatusCode.BadRequest] > Documents / 50, $"too few of {string.Join(", ", statuses)} are invalid");
    }

    private static string Mutate(string document, Random random)
    {
        for (var times = random.Next(3); times > 0; times--)
        {
            var at = random.Next(document.Length);
            var length = Math.Min(random.Next(1, 12), document.Length - at);
            document = random.Next(4) switch
            {
                0 => document.Remove(at, length),
                1 => document.Insert(at, $" {Tokens[random.Next(Tokens.Length)]} "),
                2 => document.Insert(random.Next(document.Length), document.Substring(at, length)),
                _ => document.Remove(at, length).Insert(at, Tokens[random.Next(Tokens.Length)]),
            };
        }

        return document.Length == 0 ? " " : document;
    }
}
