using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Platform.Api.Tests.Support;
using Platform.Errors;

namespace Platform.Api.Tests.Documentation;

/// <summary>The document says what runs.</summary>
public sealed partial class DocumentTests(ApiHost api) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Document_has_every_route_of_the_api_and_no_other()
    {
        var document = await DocumentAsync();
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        var documented = Operations(document).Select(operation => $"{operation.Method} {operation.Path}");
        var running = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(
                method => $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "").TrimEnd('/')}"));
        Assert.Equal(running.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_operation_names_its_scope_and_has_every_error_that_any_request_can_meet()
    {
        var document = await DocumentAsync();
        var scopes = document["components"]!["securitySchemes"]!["oauth2"]!["flows"]!["clientCredentials"]!["scopes"]!.AsObject();
        Assert.All(Operations(document), operation =>
        {
            var security = operation.Body["security"]![0]!.AsObject();
            if (!operation.Path.StartsWith("/api/v1/webhooks/", StringComparison.Ordinal))
            {
                Assert.True(scopes.ContainsKey(security["oauth2"]![0]!.GetValue<string>()));
            }
            else
            {
                Assert.True(security.ContainsKey("webhookSignature"));
            }

            Assert.NotEmpty(operation.Body["operationId"]!.GetValue<string>());
            var responses = operation.Body["responses"]!.AsObject();
            Assert.Empty(((string[])["401", "403", "500", "503", "504"]).Except(responses.Select(response => response.Key)));
            if (operation.Path.Contains('{', StringComparison.Ordinal))
            {
                Assert.True(responses.ContainsKey("404"));
            }

            if (operation.Body["requestBody"] is not null)
            {
                Assert.Empty(((string[])["400", "413", "415"]).Except(responses.Select(response => response.Key)));
            }
        });
    }

    [Fact]
    public async Task Every_documented_error_is_a_problem_with_a_code_of_the_catalogue_and_its_status()
    {
        var document = await DocumentAsync();
        var responses = document["components"]!["responses"]!.AsObject();
        var used = new HashSet<string>();
        foreach (var operation in Operations(document))
        {
            foreach (var (status, response) in operation.Body["responses"]!.AsObject().Where(response => response.Key[0] is '4' or '5'))
            {
                var name = response!["$ref"]!.GetValue<string>().Split('/')[^1];
                used.Add(name);
                var examples = responses[name]!["content"]!["application/problem+json"]!["examples"]!.AsObject();
                Assert.NotEmpty(examples);
                Assert.All(examples, example =>
                    Assert.Equal(status, $"{ErrorCode.All.Single(code => code.Code == example.Key).Status}"));
            }
        }

        Assert.Equal(responses.Select(response => response.Key).Order(), used.Order());
    }

    [Fact]
    public async Task Examples_of_bodies_are_accepted()
    {
        var schemas = (await DocumentAsync())["components"]!["schemas"]!;
        foreach (var (schema, path) in new[] { ("CustomerRequest", "customers"), ("ProductRequest", "products"), ("OrderRequest", "orders") })
        {
            var example = schemas[schema]!["examples"]![0]!.ToJsonString().Replace("ada.moreau@", "document@", StringComparison.Ordinal);
            using var response = await api.Client.PostJsonAsync($"/api/v1/{path}", example);
            Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        }
    }

    [Fact]
    public async Task Page_and_its_script_are_open_and_come_from_this_server_alone()
    {
        // Where the bare address leads to.
        var html = await api.Anonymous.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.DoesNotMatch("""(src|href)="(https?:)?//""", html);
        foreach (Match script in Script().Matches(html))
        {
            using var response = await api.Anonymous.GetAsync($"/scalar/{script.Groups[1].Value}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains("javascript", response.Content.Headers.ContentType!.MediaType, StringComparison.Ordinal);
        }
    }

    private Task<JsonObject> DocumentAsync() => api.Anonymous.GetJsonAsync("/openapi/v1.json");

    private static IEnumerable<(string Method, string Path, JsonObject Body)> Operations(JsonObject document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    [GeneratedRegex(":guid")]
    private static partial Regex Constraint();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
