extern alias graphql;
extern alias worker;

using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Platform.Identity.Tests.Support;

namespace Platform.Identity.Tests.Edge;

/// <summary>Closed by default, in every host: an endpoint asks for a token or session, or is on the short list.</summary>
[Collection(nameof(SharedHost))]
public sealed class ClosedEndpointTests(IdentityHost host)
{
    private static readonly string[] Open =
    [
        "/healthz", "/readyz", "/startup", "/metrics", "/errors", "/errors/{code}", "/api/v1/webhooks/payments", "/openapi/v1.json", "/scalar", "/account/login", "/account/login/code", "/account/logout", "/account/style.css",

        // Leads to the page of the documents or of the IDE, in Development.
        "/",

        // The page of the IDE, which holds nothing; what hands out tokens exists in Development only.
        "/graphiql", "/graphiql/assets/{hash}/{name}", "/graphiql/token",
    ];

    [Fact]
    public void Endpoints_of_the_api_are_closed() => AssertClosed(host.Server.Services);

    [Fact]
    public async Task Endpoints_of_graphql_are_closed() => await AssertClosedAsync<graphql::Program>();

    [Fact]
    public async Task Endpoints_of_the_worker_are_closed() => await AssertClosedAsync<worker::Program>();

    private async Task AssertClosedAsync<TProgram>()
        where TProgram : class
    {
        await using var factory = new WebApplicationFactory<TProgram>().WithWebHostBuilder(builder =>
        {
            builder.UseEnvironment("Development");
            builder.UseUrls("http://127.0.0.1:0");
            builder.UseSetting("ConnectionStrings:platformdb", host.Database.ConnectionString);
            builder.UseSetting("ConnectionStrings:redis", "127.0.0.1:1");
            builder.UseSetting("Platform:Identity:Issuer", "https://issuer.test/");
            builder.ConfigureLogging(logging => logging.ClearProviders());
        });
        factory.UseKestrel();
        factory.StartServer();
        AssertClosed(factory.Services);
    }

    private static void AssertClosed(IServiceProvider services)
    {
        var endpoints = services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().ToArray();
        Assert.NotEmpty(endpoints);
        var closedByDefault = services.GetService<IAuthorizationPolicyProvider>() is not null;
        Assert.All(endpoints, endpoint =>
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            {
                Assert.True(Open.Any(open => path == open || (open == "/scalar" && path.StartsWith("/scalar/", StringComparison.Ordinal))), $"{path} is open.");
            }
            else
            {
                Assert.True(closedByDefault && endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Count > 0, $"{path} asks for nothing.");
            }
        });
    }
}
