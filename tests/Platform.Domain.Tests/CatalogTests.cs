using Platform.Domain.Customers;
using Platform.Domain.Products;
using Platform.Errors;
using Platform.Testing;

namespace Platform.Domain.Tests;

public sealed class CatalogTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Address_is_unique_without_regard_to_case()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        await RegisterAsync("Ada@Example.org");

        var refused = await Assert.ThrowsAsync<ErrorException>(() => RegisterAsync("ada@example.ORG"));

        Assert.Same(ErrorCode.ResourceAlreadyExists, refused.Code);
        Assert.Equal("/email", Assert.Single(refused.Fields).Pointer);

        Task<Customer> RegisterAsync(string email) =>
            shop.InScopeAsync((RegisterCustomer register) => register.HandleAsync(new CustomerDetails("Ada", email)));
    }

    [Fact]
    public async Task One_of_many_racing_registrations_of_one_address_is_accepted()
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async i =>
        {
            try
            {
                await shop.InScopeAsync((RegisterCustomer register) => register.HandleAsync(new CustomerDetails($"Customer {i}", "same@example.org")));
                return "accepted";
            }
            catch (ErrorException e)
            {
                return e.Code.Code;
            }
        }));

        Assert.Single(outcomes, "accepted");
        Assert.Equal(9, outcomes.Count(outcome => outcome == "RESOURCE_ALREADY_EXISTS"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no-at.example.org")]
    [InlineData("two@@example.org")]
    [InlineData("a@b")]
    [InlineData("a@.org")]
    [InlineData("a b@example.org")]
    [InlineData("a@example.org\u0000")]
    public async Task What_is_no_address_is_refused(string email)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var refused = await Assert.ThrowsAsync<ErrorException>(
            () => shop.InScopeAsync((RegisterCustomer register) => register.HandleAsync(new CustomerDetails("Ada", email))));
        Assert.Equal("/email", Assert.Single(refused.Fields).Pointer);
    }

    [Theory]
    [InlineData(-0.01, "EUR", "/price/amount")]
    [InlineData(1.005, "EUR", "/price/amount")]
    [InlineData(1, "eur", "/price/currency")]
    [InlineData(1, "EURO", "/price/currency")]
    public async Task What_is_no_price_is_refused(double amount, string currency, string pointer)
    {
        await using var shop = await Shop.OpenAsync(postgres);
        var refused = await Assert.ThrowsAsync<ErrorException>(() => shop.InScopeAsync(
            (AddProduct add) => add.HandleAsync(new ProductDetails("SKU", "Name", new Money((decimal)amount, currency)))));
        Assert.Equal(pointer, Assert.Single(refused.Fields).Pointer);
    }
}
