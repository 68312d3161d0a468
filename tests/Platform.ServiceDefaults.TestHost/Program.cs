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
app.MapGet("/die", (ILogger<Program> logger) =>
{
    logger.LogInformation("last words");
    new Thread(() => throw new InvalidOperationException("on purpose")).Start();
});
app.Run();
