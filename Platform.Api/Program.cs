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
using Platform.Api.Messaging;
using Platform.Api.Orders;
using Platform.Api.Products;
using Platform.Api.Webhooks;
using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Errors;
using Platform.EntityFrameworkCore.Health;
using Platform.ServiceDefaults.Errors;
using Platform.ServiceDefaults.FeatureFlags.Ofrep;
using Platform.ServiceDefaults.FeatureFlags.Outcomes;
using Platform.ServiceDefaults.Identity;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddErrors();
builder.AddRequestLimits();
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
builder.Services.AddFlagsApi();
builder.Services.AddOfrep();
builder.Services.AddFlagOutcomes();
builder.Services.AddApiJson();
builder.Services.AddPaymentWebhook();
builder.Services.AddDocumentation();

// With a command the API does that one thing and ends; without one it serves.
if (await ApiCommand.TryRunAsync(args, builder) is { } exitCode)
{
    return exitCode;
}

var app = builder.Build();
app.UseErrors();
app.UseRouting();
app.UseRequestLimits();
app.UseTokenServer();
app.UseAuthentication();
app.UseAuthorization();
app.UseMiddleware<Utf8Json>();

app.MapDefaultEndpoints();
app.MapDocumentation();
app.MapAccount();
app.MapOfrep();
var api = app.MapGroup("/api/v1");
api.MapCustomers();
api.MapProducts();
api.MapOrders();
api.MapMessaging();
api.MapPaymentWebhook();
api.MapFlags();
api.MapFlagChanges();
api.MapFlagPlans();
api.MapBudgets();
api.MapBreakers();
api.MapAudit();
await app.RunAsync();
return 0;
