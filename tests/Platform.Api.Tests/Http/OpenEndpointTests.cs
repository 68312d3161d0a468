using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Identity;

namespace Platform.Api.Tests.Http;

/// <summary>Closed by default: an endpoint asks for a scope, or is on this list.</summary>
public sealed partial class OpenEndpointTests(ApiHost api) : IClassFixture<ApiHost>
{
    private static readonly string[] Open = ["/", "/healthz", "/readyz", "/startup", "/openapi/v1.json", "/scalar", "/metrics", "/errors", "/account/login", "/account/logout", "/account/style.css", "/api/v1/webhooks/payments"];

    [Fact]
    public void Every_endpoint_asks_for_a_scope_or_is_on_the_list()
    {
        var endpoints = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToArray();
        Assert.NotEmpty(endpoints);
        Assert.All(endpoints, endpoint =>
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                Assert.True(Open.Any(open => path == open || path.StartsWith($"{open}/", StringComparison.Ordinal)), $"{path} is open.");
            }
            else if (path == "/account" || path.StartsWith("/account/", StringComparison.Ordinal))
            {
                Assert.Equal(["session"], endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.AuthenticationSchemes));
            }
            else
            {
                var policies = endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(data => data.Policy);
                Assert.True(policies.Any(policy => policy is not null && ApiScopes.All.ContainsKey(policy)), $"{path} asks for no scope.");
            }
        });
    }

    [Fact]
    public async Task Every_endpoint_of_the_api_refuses_a_caller_without_a_token()
    {
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.TrimStart('/').StartsWith("api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => (method, endpoint.RoutePattern.RawText!)))
            .ToArray();
        Assert.NotInRange(routes.Length, 0, 22);
        foreach (var (method, route) in routes)
        {
            var path = Parameter().Replace(route, "01900000-0000-7000-8000-000000000001");
            using var response = await api.Anonymous.SendJsonAsync(new HttpMethod(method), path, "{}");
            await response.AssertProblemAsync(Platform.Errors.ErrorCode.Unauthenticated);
        }
    }

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();
}
