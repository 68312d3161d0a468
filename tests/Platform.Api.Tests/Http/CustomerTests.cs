using System.Net;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Http;

public sealed class CustomerTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Customer_is_registered_read_and_changed()
    {
        using var created = await api.Client.PostJsonAsync("/api/v1/customers", """{ "name": "Kim Park", "email": "kim.park@example.com" }""");
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var customer = await created.JsonAsync();
        var path = created.Headers.Location!.ToString();
        Assert.Equal($"/api/v1/customers/{customer["id"]}", path);
        Assert.Equal(customer.ToJsonString(), (await api.Client.GetJsonAsync(path)).ToJsonString());

        using var changed = await api.Client.PutJsonAsync(path, """{ "name": "Kim Lee", "email": "kim.lee@example.com" }""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        var read = await api.Client.GetJsonAsync(path);
        Assert.Equal("Kim Lee", read["name"]!.GetValue<string>());
        Assert.Equal("kim.lee@example.com", read["email"]!.GetValue<string>());
        Assert.Equal(customer["createdAt"]!.ToString(), read["createdAt"]!.ToString());
        Assert.NotEqual(customer["updatedAt"]!.ToString(), read["updatedAt"]!.ToString());
    }

    [Fact]
    public async Task Address_that_is_taken_is_refused_whatever_its_case_and_nothing_is_saved()
    {
        using var first = await api.Client.PostJsonAsync("/api/v1/customers", """{ "name": "One", "email": "same@example.com" }""");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        var before = await api.CountAsync("commerce.customers");

        using var second = await api.Client.PostJsonAsync("/api/v1/customers", """{ "name": "Two", "email": "SAME@example.com" }""");
        var problem = await second.AssertProblemAsync(ErrorCode.ResourceAlreadyExists);
        Assert.Equal(["/email duplicate"], problem.Fields());
        Assert.Equal(before, await api.CountAsync("commerce.customers"));
    }

    [Fact]
    public async Task Every_invalid_field_is_named_at_once()
    {
        using var response = await api.Client.PostJsonAsync("/api/v1/customers", $$"""{ "name": "{{new string('x', 201)}}" }""");
        var problem = await response.AssertProblemAsync(ErrorCode.ValidationError);
        Assert.Equal(["/name too_long", "/email required"], problem.Fields());
    }

    [Fact]
    public async Task Customer_that_is_not_there_can_be_neither_read_nor_changed()
    {
        const string Path = "/api/v1/customers/01900000-0000-7000-8000-000000000001";
        using var read = await api.Client.GetAsync(Path, TestContext.Current.CancellationToken);
        await read.AssertProblemAsync(ErrorCode.ResourceNotFound);
        using var changed = await api.Client.PutJsonAsync(Path, """{ "name": "Nobody", "email": "nobody@example.com" }""");
        await changed.AssertProblemAsync(ErrorCode.ResourceNotFound);
    }
}
