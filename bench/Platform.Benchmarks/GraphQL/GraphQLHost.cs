using System.Data.Common;
using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Benchmarks.Http;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.EntityFrameworkCore.Errors;
using Platform.GraphQL;
using Platform.Identity;
using Platform.Redaction;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.Redaction;

namespace Platform.Benchmarks.GraphQL;

/// <summary>
/// A server to be measured, in a process of its own: GraphQL, or a bare minimal API that reads the same rows by the same query and writes the same bytes.
/// Tokens are not part of it: every caller is a client with the scopes to read.
/// </summary>
internal static class GraphQLHost
{
    public const string Command = "graphql-host";
    public const string Bare = "bare";
    public const string Served = "graphql";
    public const string Statements = "/statements";
    public const string Connection = "PLATFORM_BENCH_GRAPHQL_DATABASE";

    public static async Task RunAsync(string kind)
    {
        await using var app = kind == Bare ? MakeBare() : MakeServed();
        await app.StartAsync();
        await Console.Out.WriteLineAsync($"{ChildHost.Listening}{app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()}");
        await Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
    }

    private static WebApplicationBuilder MakeBuilder()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration["ConnectionStrings:platformdb"] = Environment.GetEnvironmentVariable(Connection);
        return builder;
    }

    private static WebApplication MakeBare()
    {
        var builder = MakeBuilder();
        builder.AddNpgsqlDbContext<PlatformDbContext>("platformdb", settings => settings.DisableRetry = true, options => options.UsePlatformConventions());
        builder.Services.AddScoped<ProductQueries>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, AnswerJson.Default));
        var app = builder.Build();
        app.MapGet("/products/{id:guid}", async (Guid id, ProductQueries products, CancellationToken cancellationToken) =>
            await products.FindAsync(new ProductId(id), cancellationToken) is { } product
                ? Results.Ok(new Answer(
                    new(new(product.Id.Value, product.Sku, product.Name, product.Active, new(product.Price.Amount, product.Price.Currency))),
                    new(new(2, 3, 5))))
                : Results.NotFound());
        return app;
    }

    private static WebApplication MakeServed()
    {
        var builder = MakeBuilder();
        var statements = new CountedStatements();
        builder.Configuration["Platform:Audit:Key"] = Convert.ToBase64String(new byte[32]);
        builder.Configuration["Platform:GraphQL:Cost:Client:PerMinute"] = "1000000000";
        builder.AddErrors();
        var policies = builder.Services.AddAuthorizationBuilder();
        foreach (var scope in ApiScopes.All.Keys)
        {
            policies.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(scope)));
        }

        builder.Services.AddSingleton<IAuthorizationHandler, ScopeHandler>();
        builder.Services.AddHttpContextAccessor();
        builder.Services.AddSingleton<ICallerAccessor, Callers>();
        builder.Services.AddPlatformRedaction();
        builder.Services.AddSingleton<PersonalReader>();
        builder.AddNpgsqlDbContext<PlatformDbContext>("platformdb", settings => settings.DisableRetry = true, options => options.UsePlatformConventions());
        builder.Services.ConfigureDbContext<PlatformDbContext>(options => options.AddInterceptors(statements));
        builder.Services.AddDatabaseErrors();
        builder.Services.AddDomain();
        builder.AddPlatformGraphQL();
        var app = builder.Build();
        var caller = new ClaimsPrincipal(new ClaimsIdentity(
            [new("sub", "bench"), new("client_id", "bench"), new("scope", $"{ApiScopes.CatalogRead} {ApiScopes.OrdersRead} {ApiScopes.CustomersReadPersonal}")], "bench"));
        app.UseErrors();
        app.Use((context, next) =>
        {
            context.User = caller;
            return next(context);
        });
        app.MapGet(Statements, () => statements.Count);
        app.MapGraphQL();
        return app;
    }

    private sealed class CountedStatements : DbCommandInterceptor
    {
        private long _count;

        public long Count => Volatile.Read(ref _count);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Interlocked.Increment(ref _count);
            return base.ReaderExecutingAsync(command, eventData, result, cancellationToken);
        }
    }
}

internal sealed record Answer(AnswerData Data, AnswerExtensions Extensions);

internal sealed record AnswerData(AnswerProduct Product);

internal sealed record AnswerProduct(Guid Id, string Sku, string Name, bool Active, AnswerMoney Price);

internal sealed record AnswerMoney(decimal Amount, string Currency);

internal sealed record AnswerExtensions(AnswerCost Cost);

internal sealed record AnswerCost(int Field, int Type, int Total);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Answer))]
internal sealed partial class AnswerJson : JsonSerializerContext;
