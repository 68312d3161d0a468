using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Platform.Identity;
using Platform.ServiceDefaults.Http;

namespace Platform.GraphQL.Ide;

/// <summary>Serves GraphiQL, with a token picker, at <c>/graphiql</c>.</summary>
internal static class IdeExtensions
{
    public const string Path = "/graphiql";

    private const string TokenClient = "graphiql";

    public static IServiceCollection AddIde(this IServiceCollection services)
    {
        services.AddOptions<IdeOptions>().BindConfiguration(IdeOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddHttpClient(TokenClient);
        return services;
    }

    /// <summary>Maps the page where it is to be; elsewhere its address does not exist.</summary>
    public static void MapIde(this WebApplication app)
    {
        var development = app.Environment.IsDevelopment();
        var mode = app.Services.GetRequiredService<IOptions<IdeOptions>>().Value.Mode;
        if (mode is IdeMode.Off || (mode is IdeMode.Development && !development))
        {
            return;
        }

        var settings = new IdeSettings("/api/graphql/", $"{Path}/access", development ? $"{Path}/token" : null, OperatorsOnly: !development);
        app.MapGet(Path, () => Results.Content(IdePage.Write(settings), "text/html; charset=utf-8"))
            .WithMetadata(new ContentPolicy(IdePage.Policy))
            .AllowAnonymous();
        app.MapGet($"{Path}/assets/{{hash}}/{{name}}", SendAsset).AllowAnonymous();
        app.MapGet($"{Path}/access", () => Results.NoContent()).RequireAuthorization(ApiScopes.Operate);
        if (development)
        {
            // Where somebody lands who takes the address from the AppHost's table.
            app.MapGet("/", () => Results.Redirect(Path)).AllowAnonymous();
            app.MapPost($"{Path}/token", GetTokenAsync).DisableAntiforgery().AllowAnonymous();
        }
    }

    private static IResult SendAsset(HttpContext http, string hash, string name)
    {
        if (IdeAssets.Find(name) is not { } asset || asset.Hash != hash)
        {
            return Results.NotFound();
        }

        // The address changes with the content (RFC 8246).
        var headers = http.Response.Headers;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.Vary = "Accept-Encoding";
        if (!http.Request.Headers.AcceptEncoding.ToString().Contains("br", StringComparison.OrdinalIgnoreCase))
        {
            return Results.Bytes(asset.Plain, asset.ContentType);
        }

        headers.ContentEncoding = "br";
        return Results.Bytes(asset.Brotli, asset.ContentType);
    }

    // The issuer is another origin, which a browser may not ask by script; on a developer's machine the service asks for it.
    private static async Task<IResult> GetTokenAsync(
        HttpContext http, IOptionsMonitor<JwtBearerOptions> bearer, IHttpClientFactory clients, CancellationToken cancellationToken)
    {
        var asked = await http.Request.ReadFormAsync(cancellationToken);
        var issuer = await bearer.Get(JwtBearerDefaults.AuthenticationScheme).ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        var parameters = new Dictionary<string, string> { ["grant_type"] = "client_credentials" };
        foreach (var name in (ReadOnlySpan<string>)["client_id", "client_secret", "scope"])
        {
            if (asked[name] is [{ Length: > 0 } value])
            {
                parameters[name] = value;
            }
        }

        using var client = clients.CreateClient(TokenClient);
        using var body = new FormUrlEncodedContent(parameters);
        using var answer = await client.PostAsync(issuer.TokenEndpoint, body, cancellationToken);
        return Results.Content(await answer.Content.ReadAsStringAsync(cancellationToken), "application/json", statusCode: (int)answer.StatusCode);
    }
}
