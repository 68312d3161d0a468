using System.Globalization;
using PaymentGateway;

var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 16 * 1024;
});
builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.Services.AddProblemDetails();
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, GatewayJson.Default));

// A body that cannot be read is the caller's mistake in development too.
builder.Services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false);

var knobs = new Knobs(
    double.Parse(builder.Configuration["FAILURE_RATE"] ?? "0", CultureInfo.InvariantCulture),
    int.Parse(builder.Configuration["LATENCY_MS"] ?? "0", CultureInfo.InvariantCulture),
    int.Parse(builder.Configuration["READ_LATENCY_MS"] ?? "0", CultureInfo.InvariantCulture));
if (knobs.Problems() is { Count: > 0 } wrong)
{
    Console.Error.WriteLine($"A knob in the environment is wrong: {string.Join("; ", wrong.Select(problem => $"{problem.Key} {problem.Value[0]}"))}");
    return 1;
}

var capacity = Math.Max(1, int.Parse(builder.Configuration["MAX_ENTRIES"] ?? "200000", CultureInfo.InvariantCulture));
using var ledger = new Ledger(
    capacity,
    builder.Configuration["LEDGER_FILE"] is { Length: > 0 } path ? new LedgerFile(path) : null,
    TimeProvider.System);
ledger.Load();
builder.Services.AddSingleton(ledger);
builder.Services.AddSingleton(new Misbehaviour(knobs, ledger, TimeProvider.System));
builder.Services.AddHttpClient(nameof(Webhooks), http => http.Timeout = TimeSpan.FromSeconds(10));
builder.Services.AddSingleton(services => new Webhooks(
    Receiver(builder.Configuration),
    builder.Configuration["WEBHOOK_SECRET"] ?? string.Empty,
    services.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(Webhooks)),
    TimeProvider.System,
    services.GetRequiredService<ILogger<Webhooks>>()));
builder.Services.AddHostedService(services => services.GetRequiredService<Webhooks>());

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.MapCharges();
app.MapGet("/knobs", (Misbehaviour misbehaviour) => misbehaviour.Knobs);
app.MapPut("/knobs", (Knobs change, Misbehaviour misbehaviour) => change.Problems() is { Count: > 0 } problems
    ? Results.ValidationProblem(problems)
    : Results.Ok(misbehaviour.Turn(change)));
app.MapPut("/webhook-secret", (WebhookSecretChange change, Webhooks webhooks) =>
{
    if (change.Secret is not { Length: >= 24 and <= 400 } secret)
    {
        return Results.Problem("A secret has 24 to 400 characters.", statusCode: StatusCodes.Status400BadRequest);
    }

    webhooks.Use(secret);
    return Results.NoContent();
});
app.MapGet("/healthz", () => "ok");
await app.RunAsync();
return 0;

// The address may lack its path, where whoever runs both knows the merchant's port only.
static Uri? Receiver(IConfiguration configuration) => configuration["WEBHOOK_URL"] is { Length: > 0 } url
    ? new Uri(new Uri(url), configuration["WEBHOOK_PATH"] ?? string.Empty)
    : null;
