// A service for the tests of Platform.Embedded. It writes what happens to it into the file EVENTS, one line each.
using System.Runtime.InteropServices;

var name = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME");
var events = Environment.GetEnvironmentVariable("EVENTS");
Note("started");

if (args is ["job", var exitCode])
{
    Note("ended");
    return int.Parse(exitCode);
}

// With "deaf" it does not heed the wish to end.
using var deaf = args.Contains("deaf") ? PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => context.Cancel = true) : null;
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
var app = builder.Build();
var healthy = true;
app.MapGet("/", () => Environment.ProcessId);
app.MapGet("/environment", () => Environment.GetEnvironmentVariables());
app.MapGet("/health", () => healthy ? Results.Ok() : Results.StatusCode(503));
app.MapPost("/sick", () => healthy = false);
app.MapPost("/crash", () => Environment.FailFast("as asked"));
app.Lifetime.ApplicationStopped.Register(() => Note("stopped"));
if (deaf is not null)
{
    await app.StartAsync();
    await Task.Delay(Timeout.InfiniteTimeSpan);
}
await app.RunAsync();
return 0;

void Note(string what)
{
    if (events is not null)
    {
        File.AppendAllText(events, $"{name} {what}\n");
    }
}
