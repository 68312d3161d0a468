using Platform.Api.Audit;
using Platform.Api.Breakers;
using Platform.Api.Budgets;
using Platform.Api.Commands;
using Platform.Api.Customers;
using Platform.Api.Documentation;
using Platform.Api.FeatureFlags;
using Platform.Api.Http;
using Platform.Api.Identity;
using Platform.Api.Identity.Pages;
using Platform.Api.Logging;
using Platform.Api.Messaging;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Api.Secrets;
using Platform.Api.Subjects;
using Platform.Api.Sync;
using Platform.Api.Webhooks;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.Errors;
using Platform.EntityFrameworkCore.Health;
using Platform.EntityFrameworkCore.Idempotency;
using Platform.EntityFrameworkCore.Sync;
using Platform.ServiceDefaults.Compression;
using Platform.ServiceDefaults.Conditional;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags.Ofrep;
using Platform.ServiceDefaults.FeatureFlags.Outcomes;
using Platform.ServiceDefaults.Idempotency;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.RateLimiting;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddKeyVaultKeys();
builder.AddSecrets();
builder.AddErrors();
builder.AddRequestLimits();
builder.AddCompression();
builder.AddRateLimits();
builder.AddPlatformAuthentication();
builder.AddTokenServer();
builder.AddRedisClient("redis");
builder.AddFlags();

// A request is answered at once when the database is away, and the caller told when to come back: retries here would hold it for a minute.
builder.AddNpgsqlDbContext<PlatformDbContext>(
    "platformdb", settings => settings.DisableRetry = true, options => options.UsePlatformConventions());
builder.Services.AddDatabaseErrors();
builder.Services.AddMigrationsCheck<PlatformDbContext>();
builder.Services.AddDomain();
builder.Services.AddChangeFollower();
builder.Services.AddIdempotencyStore<PlatformDbContext>();
builder.Services.AddChangeLog();
builder.Services.AddSync();
builder.Services.AddFlagsApi();
builder.Services.AddOfrep();
builder.Services.AddFlagOutcomes();
builder.Services.AddApiJson();
builder.Services.AddSingleton<CursorSeal>();
builder.Services.AddScoped<AddProductBatch>();
builder.Services.AddPaymentWebhook();
builder.Services.AddDocumentation();

// With a command the API does that one thing and ends; without one it serves.
if (await ApiCommand.TryRunAsync(args, builder) is { } exitCode)
{
    return exitCode;
}

var app = builder.Build();
app.UseErrors();
app.UseHeadRequests();
app.UseRouting();
app.UseLoadShedding();
app.UseCompression();
app.UseRequestLimits();
app.UseAddressRateLimits();
app.UseTokenServer();
app.UsePlatformAuthentication();
app.UseConditionalRequests();
app.UseRateLimits();
app.UseMiddleware<JsonBodies>();
app.UseIdempotency();

app.MapDefaultEndpoints();
app.MapDocumentation();
app.MapErrorPages();
app.MapAccount();
app.MapOfrep();
var api = app.MapGroup("/api/v1");
api.MapCustomers();
api.MapProducts();
api.MapOrders();
api.MapNestedOrders();
api.MapSync();
api.MapMessaging();
api.MapPaymentWebhook();
api.MapFlags();
api.MapFlagChanges();
api.MapFlagPlans();
api.MapBudgets();
api.MapBreakers();
api.MapLogLevels();
api.MapAudit();
api.MapSecrets();
api.MapSubjects();
await app.RunAsync();
return 0;
