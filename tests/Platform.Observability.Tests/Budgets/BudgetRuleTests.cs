using Platform.Budgets;

namespace Platform.Observability.Tests.Budgets;

public sealed class BudgetRuleTests
{
    [Theory]
    [InlineData("POST /api/graphql/", 200, 500, 1000)]
    [InlineData("GET /api/v1/sync/", 100, 200, 500)]
    [InlineData("GET /api/v1/sync/changes", 100, 200, 500)]
    [InlineData("GET /api/v1/orders/{id:guid}", 300, 1000, 3000)]
    [InlineData("GET /", 300, 1000, 3000)]
    [InlineData("(other)", 300, 1000, 3000)]
    public void Shipped_budgets_are_those_of_the_source_system(string route, double p50, double p95, double p99) =>
        Assert.Equal(new Budget(p50, p95, p99), new BudgetRules(new BudgetOptions()).For(route).Budget);

    [Fact]
    public void Closest_entry_holds_and_an_operator_goes_before_the_configuration()
    {
        var options = new BudgetOptions();
        Add("/api/v1/", 1);
        Add("/api/v1/orders/", 2);
        Add("GET /api/v1/orders/", 3);
        Add("/api/v1/orders/{id:guid}", 4);
        var rules = new BudgetRules(options);

        Assert.Equal(1, Of("GET /api/v1/products/"));
        Assert.Equal(2, Of("POST /api/v1/orders/"));
        Assert.Equal(3, Of("GET /api/v1/orders/"));
        Assert.Equal(3, Of("GET /api/v1/orders/recent"));
        Assert.Equal(4, Of("GET /api/v1/orders/{id:guid}"));
        Assert.Equal((300, BudgetSource.Default), (Of("GET /other"), rules.For("GET /other").Source));

        rules.Override(new Dictionary<string, Budget> { ["/api/v1/"] = new(9, 9, 9) });
        Assert.Equal((9, BudgetSource.Operator), (Of("GET /api/v1/orders/"), rules.For("GET /api/v1/orders/").Source));

        void Add(string route, double ms) => options.Routes.Add(new() { Route = route, P50Ms = ms, P95Ms = 100, P99Ms = 100 });
        double Of(string route) => rules.For(route).Budget.P50Ms;
    }

    [Theory]
    [InlineData("/api", true)]
    [InlineData("GET /api/{id:guid}", true)]
    [InlineData("api", false)]
    [InlineData("get /api", false)]
    [InlineData(" /api", false)]
    [InlineData("/a\nb", false)]
    [InlineData("", false)]
    public void Route_is_a_path_with_a_method_or_without(string route, bool valid) => Assert.Equal(valid, BudgetRules.IsRoute(route));

    [Theory]
    [InlineData(300, 200, 3000, 0.99)]
    [InlineData(0, 200, 3000, 0.99)]
    [InlineData(double.NaN, 200, 3000, 0.99)]
    [InlineData(1, 2, 3, 1)]
    [InlineData(1, 2, 3, 0.1)]
    public void Budget_that_cannot_be_is_told(double p50, double p95, double p99, double objective) =>
        Assert.NotNull(new Budget(p50, p95, p99, objective).Problem());

    [Fact]
    public void Burn_alert_needs_both_its_windows()
    {
        var rates = BurnRates.Windows.ToDictionary(window => window, _ => 0.0);
        rates[TimeSpan.FromHours(1)] = 15;
        Assert.Empty(BurnRates.Firing(rates));
        rates[TimeSpan.FromMinutes(5)] = 20;
        Assert.Equal("page-1h", Assert.Single(BurnRates.Firing(rates)).Name);
        rates[TimeSpan.FromDays(3)] = rates[TimeSpan.FromHours(6)] = 1.5;
        Assert.Equal(["page-1h", "ticket-3d"], BurnRates.Firing(rates).Select(alert => alert.Name));
    }
}
