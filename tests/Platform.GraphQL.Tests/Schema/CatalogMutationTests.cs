using System.Text.Json;
using Platform.GraphQL.Tests.Hosting;

namespace Platform.GraphQL.Tests.Schema;

[Collection(SharedPlatform.Name)]
public sealed class CatalogMutationTests(PlatformHost host)
{
    private const string Register = """
        mutation ($input: RegisterCustomerInput!) { registerCustomer(input: $input) { customer { id name email version } userErrors { pointer code } } }
        """;

    private const string Update = """
        mutation ($input: UpdateCustomerInput!) { updateCustomer(input: $input) { customer { id name email version } userErrors { pointer code } } }
        """;

    [Fact]
    public async Task A_customer_is_registered_changed_and_deleted()
    {
        var email = Email();
        var registered = (await host.AskAsync(Register, new { input = new { name = "Ada", email } })).Data.GetProperty("registerCustomer").GetProperty("customer");
        var id = registered.GetProperty("id").GetString();

        var updated = (await host.AskAsync(Update, new { input = new { customerId = id, name = "Ada L." } })).Data.GetProperty("updateCustomer").GetProperty("customer");
        var deleted = await host.AskAsync(
            "mutation ($id: ID!) { deleteCustomer(input: { customerId: $id }) { deletedCustomerId userErrors { code } } }", new { id });

        Assert.Equal(("Ada L.", email), (updated.GetProperty("name").GetString(), updated.GetProperty("email").GetString()));
        Assert.NotEqual(registered.GetProperty("version").GetString(), updated.GetProperty("version").GetString());
        Assert.Equal(id, deleted.Data.GetProperty("deleteCustomer").GetProperty("deletedCustomerId").GetString());
        Assert.Equal(JsonValueKind.Null, (await host.AskAsync("query ($id: ID!) { customer(id: $id) { id } }", new { id })).Data.GetProperty("customer").ValueKind);
    }

    [Fact]
    public async Task A_product_is_added_changed_and_deleted()
    {
        var sku = Guid.CreateVersion7().ToString("N");
        var added = await host.AskAsync(
            """
            mutation ($sku: String!) { addProduct(input: { sku: $sku, name: "Lamp", price: { amount: 12.50, currency: "EUR" } }) {
                product { id active price { amount currency } } userErrors { pointer code } } }
            """,
            new { sku });
        var product = added.Data.GetProperty("addProduct").GetProperty("product");
        var id = product.GetProperty("id").GetString();
        var updated = await host.AskAsync(
            "mutation ($id: ID!) { updateProduct(input: { productId: $id, active: false }) { product { sku name active } userErrors { pointer code } } }", new { id });
        var deleted = await host.AskAsync(
            "mutation ($id: ID!) { deleteProduct(input: { productId: $id }) { deletedProductId userErrors { code } } }", new { id });

        Assert.True(product.GetProperty("active").GetBoolean());
        Assert.Equal(12.5m, product.GetProperty("price").GetProperty("amount").GetDecimal());
        var changed = updated.Data.GetProperty("updateProduct").GetProperty("product");
        Assert.Equal((sku, "Lamp", false), (changed.GetProperty("sku").GetString(), changed.GetProperty("name").GetString(), changed.GetProperty("active").GetBoolean()));
        Assert.Equal(id, deleted.Data.GetProperty("deleteProduct").GetProperty("deletedProductId").GetString());
    }

    [Fact]
    public async Task Every_invalid_field_is_a_user_error()
    {
        var answer = await host.AskAsync(
            """
            mutation { addProduct(input: { sku: "", name: "", price: { amount: -1.555, currency: "euro" } }) { product { id } userErrors { pointer code } } }
            """);

        Assert.Equal(
            ["/name required", "/price/amount out_of_range", "/price/currency invalid", "/sku required"],
            answer.Data.GetProperty("addProduct").GetProperty("userErrors").EnumerateArray()
                .Select(e => $"{e.GetProperty("pointer").GetString()} {e.GetProperty("code").GetString()}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_value_that_is_taken_is_a_user_error_of_its_field()
    {
        var email = Email();
        await host.AskAsync(Register, new { input = new { name = "One", email } });

        var second = await host.AskAsync(Register, new { input = new { name = "Two", email = email.ToUpperInvariant() } });

        var error = second.Data.GetProperty("registerCustomer").GetProperty("userErrors")[0];
        Assert.Equal(("/email", "duplicate"), (error.GetProperty("pointer").GetString(), error.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task A_change_of_another_version_than_was_seen_is_refused()
    {
        var seen = (await host.AskAsync(Register, new { input = new { name = "Seen", email = Email() } })).Data.GetProperty("registerCustomer").GetProperty("customer");
        var (customerId, ifVersion) = (seen.GetProperty("id").GetString(), seen.GetProperty("version").GetString());

        var first = await host.AskAsync(Update, new { input = new { customerId, name = "First", ifVersion } });
        var second = await host.AskAsync(Update, new { input = new { customerId, name = "Second", ifVersion } });
        var nonsense = await host.AskAsync(Update, new { input = new { customerId, name = "Third", ifVersion = "\"*" } });

        Assert.Equal("First", first.Data.GetProperty("updateCustomer").GetProperty("customer").GetProperty("name").GetString());
        Assert.Equal("PRECONDITION_FAILED", second.Data.GetProperty("updateCustomer").GetProperty("userErrors")[0].GetProperty("code").GetString());
        Assert.Equal("PRECONDITION_FAILED", nonsense.Data.GetProperty("updateCustomer").GetProperty("userErrors")[0].GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_orders_refer_to_stays()
    {
        var answer = await host.AskAsync("{ orders(first: 1) { edges { node { customer { id } } } } }");
        var id = answer.Data.GetProperty("orders").GetProperty("edges")[0].GetProperty("node").GetProperty("customer").GetProperty("id").GetString();

        var deleted = await host.AskAsync("mutation ($id: ID!) { deleteCustomer(input: { customerId: $id }) { deletedCustomerId userErrors { code } } }", new { id });

        Assert.Equal("OPERATION_NOT_ALLOWED", deleted.Data.GetProperty("deleteCustomer").GetProperty("userErrors")[0].GetProperty("code").GetString());
        Assert.Equal(JsonValueKind.Null, deleted.Data.GetProperty("deleteCustomer").GetProperty("deletedCustomerId").ValueKind);
    }

    private static string Email() => $"{Guid.CreateVersion7():N}@example.com";
}
