using System.Diagnostics;

// The smallest host on the service defaults, for tests that need a process: signals, exit codes, standard output.
var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var app = builder.Build();
app.MapDefaultEndpoints();
app.MapGet("/work", async (int? ms, CancellationToken cancellationToken) =>
{
    await Task.Delay(ms ?? 20, cancellationToken);
    return "done";
});
app.MapGet("/log", (string text, ILogger<Program> logger) => logger.LogInformation("Working on {Thing}", text));
app.MapGet("/trace", () => Activity.Current?.Id);
app.MapGet("/fail", (ILogger<Program> logger) =>
{
    using var inside = Platform.Telemetry.Tracing.Start("inside");
    logger.LogInformation("about to fail");
    return Results.StatusCode(StatusCodes.Status500InternalServerError);
});
app.MapGet("/nested", () =>
{
    using var inside = Platform.Telemetry.Tracing.Start("inside");
    return Activity.Current!.TraceId.ToHexString();
});
app.MapGet("/die", (ILogger<Program> logger) =>
{
    logger.LogInformation("last words");
    new Thread(() => throw new InvalidOperationException("on purpose")).Start();
});
app.Run();
