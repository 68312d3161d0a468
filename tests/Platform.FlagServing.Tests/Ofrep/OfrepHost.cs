using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Errors;
using Platform.FeatureFlags;
using Platform.FlagServing.Tests.Support;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;
using Platform.ServiceDefaults.FeatureFlags.Ofrep;

namespace Platform.FlagServing.Tests.Ofrep;

/// <summary>A host that serves OFREP, with an issuer of tokens beside it.</summary>
internal sealed class OfrepHost : IAsyncDisposable
{
    public const string Key = "key-of-the-tests";

    private readonly TokenIssuer _issuer;

    private OfrepHost(TokenIssuer issuer, FlagHost host)
    {
        _issuer = issuer;
        Host = host;
    }

    public FlagHost Host { get; }

    public Uri Url => Host.Client.BaseAddress!;

    public static async Task<OfrepHost> StartAsync(Dictionary<string, string?>? settings = null, Action<IServiceCollection>? services = null)
    {
        var issuer = new TokenIssuer();
        await issuer.StartAsync();
        var all = new Dictionary<string, string?>(settings ?? [])
        {
            ["Platform:Identity:Issuer"] = issuer.Url + "/",
            ["Platform:Identity:RequireHttps"] = "false",
            ["Platform:FeatureFlags:Ofrep:Keys:tests"] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        };
        OfrepHost? self = null;
        var host = await FlagHost.StartAsync(
            app =>
            {
                app.MapOfrep();
                app.MapFlagStream("/api/v1/flags/stream");

                // What a person does with the flags while providers ask.
                app.MapPost("/control/flags", async (HttpRequest request) =>
                {
                    using var body = new MemoryStream();
                    await request.Body.CopyToAsync(body);
                    var errors = new FieldErrors();
                    var document = FlagJson.Read<FlagDocument>(body.ToArray(), errors);
                    errors.ThrowIfAny();
                    self!.Host.With(document!);
                }).AllowAnonymous();
            },
            services: all =>
            {
                all.AddOfrep();
                services?.Invoke(all);
            },
            settings: all,
            tokens: true);
        return self = new OfrepHost(issuer, host);
    }

    public OfrepHost With(params FlagDefinition[] flags)
    {
        Host.With(flags);
        return this;
    }

    public string Token(string scopes = ApiScopes.FlagsEvaluate) => _issuer.Token(scopes);

    public Task<HttpResponseMessage> EvaluateAsync(string key, string body = "{}", string? apiKey = Key) =>
        SendAsync($"/ofrep/v1/evaluate/flags/{key}", body, apiKey, null);

    public Task<HttpResponseMessage> EvaluateAllAsync(string body = "{}", string? ifNoneMatch = null, string? apiKey = Key) =>
        SendAsync("/ofrep/v1/evaluate/flags", body, apiKey, ifNoneMatch);

    public async Task<HttpResponseMessage> SendAsync(string path, string body, string? apiKey, string? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (apiKey is not null)
        {
            request.Headers.Add("X-API-Key", apiKey);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await Host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _issuer.DisposeAsync();
    }
}
