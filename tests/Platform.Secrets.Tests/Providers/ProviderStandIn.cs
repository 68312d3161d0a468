using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Platform.Secrets.Tests.Providers;

/// <summary>
/// Behaves as the administration of three providers does: service accounts of OpenAI, keys of Anthropic's organizations, Google's API keys with operations and key strings;
/// and it fails on demand, before or after it has done what it was asked.
/// </summary>
internal sealed class ProviderStandIn : IAsyncDisposable
{
    public const string Admin = "the-admin-key";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ProviderKey> _keys = [];
    private int _numbers;

    private ProviderStandIn(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>Fails the next requests whose method and path begin so: before the work or after it.</summary>
    public ConcurrentQueue<(string Begins, int Status, bool After)> Faults { get; } = [];

    /// <summary>How often a new key is refused before it is known everywhere.</summary>
    public int RefusedAtFirst { get; set; }

    public ConcurrentQueue<string> Requests { get; } = [];

    public IReadOnlyList<ProviderKey> Live => [.. _keys.Values.Where(key => !key.Revoked).OrderBy(key => key.Number)];

    public static async Task<ProviderStandIn> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new ProviderStandIn(app);
        app.Use(provider.MisbehaveAsync);
        provider.MapOpenAi(app);
        provider.MapAnthropic(app);
        provider.MapGoogle(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    /// <summary>Makes a key by hand, as in a provider's console.</summary>
    public ProviderKey Add(string id, string name, string value) => _keys[id] = new ProviderKey(id, name, value, Interlocked.Increment(ref _numbers)) { Refusals = RefusedAtFirst };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task MisbehaveAsync(HttpContext context, RequestDelegate next)
    {
        var asked = $"{context.Request.Method} {context.Request.Path}";
        Requests.Enqueue(asked);
        if (!Faults.TryPeek(out var fault) || !asked.StartsWith(fault.Begins, StringComparison.Ordinal) || !Faults.TryDequeue(out fault))
        {
            await next(context);
            return;
        }

        if (fault.After)
        {
            var answer = context.Response.Body;
            context.Response.Body = Stream.Null;
            await next(context);
            context.Response.Body = answer;
        }

        context.Abort(fault.Status == 0);
        if (fault.Status != 0)
        {
            context.Response.Clear();
            context.Response.StatusCode = fault.Status;
        }
    }

    private void MapOpenAi(WebApplication app)
    {
        const string Accounts = "/v1/organization/projects/proj_1/service_accounts";
        app.MapPost(Accounts, (HttpRequest request, NamedKey body) =>
        {
            if (!IsAdmin(request))
            {
                return Results.Unauthorized();
            }

            var number = Interlocked.Increment(ref _numbers);
            var key = Add($"svc_acct_{number}", body.Name, $"sk-svcacct-{number}-{Guid.CreateVersion7():N}");
            return Results.Json(new { @object = "organization.project.service_account", id = key.Id, name = key.Name, role = "member", api_key = new { value = key.Value, id = $"key_{number}" } });
        });
        app.MapGet(Accounts, (HttpRequest request, string? after) =>
        {
            // One a page, so that whoever does not turn pages finds too few.
            var rest = Live.SkipWhile(key => !string.IsNullOrEmpty(after) && key.Id != after).Skip(string.IsNullOrEmpty(after) ? 0 : 1).ToList();
            var page = rest.Take(1).Select(key => new { id = key.Id, name = key.Name }).ToList();
            return !IsAdmin(request) ? Results.Unauthorized() : Results.Json(new { data = page, has_more = rest.Count > 1, last_id = page.FirstOrDefault()?.id });
        });
        app.MapDelete($"{Accounts}/{{id}}", (HttpRequest request, string id) => !IsAdmin(request) ? Results.Unauthorized() : Revoke(id));
        app.MapGet("/v1/models", (HttpRequest request) =>
        {
            var value = request.Headers["x-api-key"].FirstOrDefault() ?? request.Headers.Authorization.ToString().Replace("Bearer ", string.Empty, StringComparison.Ordinal);
            return IsGood(value) ? Results.Json(new { data = Array.Empty<string>() }) : Results.Unauthorized();
        });
    }

    private void MapAnthropic(WebApplication app)
    {
        app.MapGet("/v1/organizations/api_keys", (HttpRequest request) => IsAdmin(request)
            ? Results.Json(new { data = Live.Select(key => new { id = key.Id, name = key.Name, status = "active" }), has_more = false, last_id = Live is [.., var last] ? last.Id : null })
            : Results.Unauthorized());
        app.MapPost("/v1/organizations/api_keys/{id}", (HttpRequest request, string id, StatusChange body) =>
            !IsAdmin(request) ? Results.Unauthorized() : body.Status == "inactive" ? Revoke(id) : Results.BadRequest());
    }

    private void MapGoogle(WebApplication app)
    {
        const string Keys = "/v2/projects/proj_1/locations/global/keys";
        app.MapPost(Keys, (HttpRequest request, string keyId, DisplayedKey body) =>
        {
            if (!IsAdmin(request))
            {
                return Results.Unauthorized();
            }

            // An id is taken for thirty days after its key is gone.
            return _keys.ContainsKey(keyId)
                ? Results.Conflict()
                : Results.Json(new { name = $"operations/{Add(keyId, body.DisplayName, $"AIza{Guid.CreateVersion7():N}").Number}" });
        });
        app.MapGet(Keys, (HttpRequest request) => IsAdmin(request)
            ? Results.Json(new { keys = Live.Select(key => new { name = $"projects/1/locations/global/keys/{key.Id}", displayName = key.Name }) })
            : Results.Unauthorized());
        app.MapGet($"{Keys}/{{id}}/keyString", (string id) => _keys.TryGetValue(id, out var key) && key.Asked++ > 0
            ? Results.Json(new { keyString = key.Value })
            : Results.NotFound());
        app.MapDelete($"{Keys}/{{id}}", (string id) => Revoke(id));
        app.MapGet("/maps/api/geocode/json", (string key) => Results.Json(new { status = IsGood(key) ? "OK" : "REQUEST_DENIED" }));
    }

    private bool IsGood(string value) => Live.FirstOrDefault(key => key.Value == value) is { } known && known.Refusals-- <= 0;

    private IResult Revoke(string id)
    {
        if (!_keys.TryGetValue(id, out var key) || key.Revoked)
        {
            return Results.NotFound();
        }

        key.Revoked = true;
        return Results.Json(new { id, deleted = true });
    }

    private static bool IsAdmin(HttpRequest request) =>
        request.Headers["x-api-key"] == Admin || request.Headers.Authorization == $"Bearer {Admin}";

    private sealed record NamedKey(string Name);

    private sealed record DisplayedKey(string DisplayName);

    private sealed record StatusChange(string Status);
}

internal sealed record ProviderKey(string Id, string Name, string Value, int Number)
{
    public bool Revoked { get; set; }

    public int Refusals { get; set; }

    public int Asked { get; set; }
}

file static class Connections
{
    /// <summary>Cuts the connection off, or not.</summary>
    public static void Abort(this HttpContext context, bool really)
    {
        if (really)
        {
            context.Abort();
        }
    }
}
