using Platform.Domain;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Audit;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.FeatureFlags.Plans;
using Platform.EntityFrameworkCore.Health;
using Platform.EntityFrameworkCore.Retention;
using Platform.EntityFrameworkCore.Secrets;
using Platform.ServiceDefaults.Resilience;
using Platform.Worker.Commands;
using Platform.Worker.Secrets;

// A filter needs nothing of the worker.
if (await RedactCommand.TryRunAloneAsync(args) is { } filterCode)
{
    return filterCode;
}

var builder = WebApplication.CreateBuilder(args);
WorkerCommand.Prepare(args, builder.Configuration);
builder.AddServiceDefaults();
builder.AddKeyVaultKeys();
builder.AddSecrets();
builder.AddNpgsqlDbContext<PlatformDbContext>("platformdb", configureDbContextOptions: options => options.UsePlatformConventions());
builder.AddRedisClient("redis");
builder.AddRedisStreams();
builder.AddRabbitMq();
builder.AddFlags();
builder.Services.AddMigrationsCheck<PlatformDbContext>();
builder.Services.AddDomain();

// With a command the worker does that one thing and ends; without one it serves.
if (await WorkerCommand.TryRunAsync(args, builder) is { } exitCode)
{
    return exitCode;
}

builder.Services.AddPaymentGateway().AddHedgedReads(after: TimeSpan.FromMilliseconds(500));
builder.Services.AddDomainSubscriptions();
builder.Services.AddHttpRetention();
builder.Services.AddBudgetRollUp();
builder.Services.AddAuditSealing();
builder.Services.AddFlagPlanJobs();
builder.AddRotators();
builder.Services.AddSecretSchedule();

var app = builder.Build();
app.MapDefaultEndpoints();
await app.RunAsync();
return 0;
