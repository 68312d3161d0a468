using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Authorization;

/// <summary>Names and addresses of customers are for callers with <c>customers.read_personal</c>, wherever a customer hangs.</summary>
[Collection(SharedPlatform.Name)]
public sealed class PersonalFieldTests(PlatformHost host)
{
    private const string Mask = @"^[\p{L}\p{N}]\*\*\*( [\p{L}\p{N}]\*\*\*)*$";
    private const string MailMask = @"^\w\*\*\*@\w\*\*\*\.\w+$";

    private string Clerk => host.Token(ApiScopes.CatalogRead, ApiScopes.CatalogWrite, ApiScopes.OrdersRead);

    [Theory]
    [InlineData("{ customers(first: 3) { edges { node { name email } } } }")]
    [InlineData("{ customers(first: 3) { edges { node { alias: name again: email } } } }")]
    [InlineData("{ orders(first: 3) { edges { node { customer { name email } } } } }")]
    [InlineData("query Fragments { customers(first: 3) { edges { node { ...c } } } } fragment c on Customer { name email }")]
    public async Task Without_the_permission_they_are_masked_and_with_it_they_are_whole(string query)
    {
        var masked = Customers((await host.Http.AskAsync(host.Url, query, token: Clerk)).Data);
        var whole = Customers((await host.AskAsync(query)).Data);

        Assert.NotEmpty(masked);
        Assert.All(masked, customer => Assert.Matches(Mask, customer.Name));
        Assert.All(masked, customer => Assert.Matches(MailMask, customer.Email));
        Assert.All(whole, customer => Assert.DoesNotContain("***", customer.Name + customer.Email, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_to_a_write_is_masked_too_and_a_mask_that_is_sent_back_is_refused()
    {
        var email = $"{Guid.CreateVersion7():N}@example.com";
        var registered = (await host.Http.AskAsync(
            host.Url, "mutation ($email: String!) { registerCustomer(input: { name: \"Mona Mask\", email: $email }) { customer { id name email } userErrors { code } } }", new { email }, token: Clerk))
            .Data.GetProperty("registerCustomer").GetProperty("customer");
        Assert.Equal("M*** M***", registered.GetProperty("name").GetString());
        Assert.Matches(MailMask, registered.GetProperty("email").GetString());

        var id = registered.GetProperty("id").GetString();
        var sent = await host.Http.AskAsync(
            host.Url,
            "mutation ($id: ID!, $name: String, $email: String) { updateCustomer(input: { customerId: $id, name: $name, email: $email }) { userErrors { pointer code } } }",
            new { id, name = registered.GetProperty("name").GetString(), email = registered.GetProperty("email").GetString() },
            token: Clerk);

        Assert.Equal(
            ["/name redacted", "/email redacted"],
            sent.Data.GetProperty("updateCustomer").GetProperty("userErrors").EnumerateArray().Select(error => $"{error.GetProperty("pointer").GetString()} {error.GetProperty("code").GetString()}"));
        var kept = (await host.AskAsync("query ($id: ID!) { customer(id: $id) { email } }", new { id })).Data.GetProperty("customer");
        Assert.Equal(email, kept.GetProperty("email").GetString());
    }

    [Theory]
    [InlineData("filter: { email: \"kim@example.com\" }")]
    [InlineData("sort: NAME_ASC")]
    [InlineData("sort: NAME_DESC, after: \"AZnXUqxNcACAAAAAAAAAAUtpbQ\"")]
    public async Task Addresses_and_names_cannot_be_guessed_without_the_permission(string arguments)
    {
        var answer = await host.Http.AskAsync(host.Url, $"{{ customers({arguments}) {{ edges {{ cursor node {{ id }} }} }} }}", token: Clerk);

        Assert.Equal("FORBIDDEN", answer.Code);
        Assert.Contains(ApiScopes.CustomersReadPersonal, answer.Message, StringComparison.Ordinal);
        Assert.Empty((await host.AskAsync($"{{ customers({arguments}) {{ edges {{ cursor node {{ id }} }} }} }}")).Errors);
    }

    private static List<(string Name, string Email)> Customers(JsonElement data)
    {
        var nodes = data.EnumerateObject().Single().Value.GetProperty("edges").EnumerateArray().Select(edge => edge.GetProperty("node"));
        return [.. nodes.Select(node => node.TryGetProperty("customer", out var customer) ? customer : node)
            .Select(customer => customer.EnumerateObject().Select(field => field.Value.GetString()!).ToArray())
            .Select(texts => (texts[0], texts[1]))];
    }
}
