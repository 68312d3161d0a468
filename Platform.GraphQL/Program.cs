using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Errors;
using Platform.EntityFrameworkCore.Health;
using Platform.GraphQL;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Commands;
using Platform.GraphQL.Ide;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags.Outcomes;
using Platform.ServiceDefaults.Identity;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddKeyVaultKeys();
builder.AddSecrets();
builder.AddErrors();
builder.AddPlatformAuthentication();
builder.AddFlags();

// A request is answered at once when the database is away, and the caller told when to come back: retries here would hold it for a minute.
builder.AddNpgsqlDbContext<PlatformDbContext>(
    "platformdb", settings => settings.DisableRetry = true, options => options.UsePlatformConventions());
builder.AddRedisClient("redis");
builder.Services.AddDatabaseErrors();
builder.Services.AddMigrationsCheck<PlatformDbContext>();
builder.Services.AddDomain();
builder.Services.AddFlagOutcomes();
builder.AddPlatformGraphQL();

// With a command the service does that one thing and ends; without one it serves.
if (await GraphQLCommand.TryRunAsync(args, builder) is { } exitCode)
{
    return exitCode;
}

var app = builder.Build();
app.UseErrors();
app.UseWebSockets();
app.UseRouting();
app.UsePlatformAuthentication();

app.MapDefaultEndpoints();
app.MapErrorPages();
app.MapIde();
app.MapGraphQL().RequireAuthorization(GraphQLAccess.Policy);
await app.RunAsync();
return 0;
