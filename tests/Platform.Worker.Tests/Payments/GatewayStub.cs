using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Platform.Resilience;

namespace Platform.Worker.Tests.Payments;

/// <summary>A payment gateway over HTTP that errs on command: what samples/PaymentGateway leaves to chance.</summary>
internal sealed class GatewayStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _reads;

    private GatewayStub(WebApplication app) => _app = app;

    /// <summary>What happens to a charge: it is told how often the key came, and whether to take the money first is its own.</summary>
    public Func<HttpContext, Action, int, Task> OnCharge { get; set; } = (_, take, _) => Done(take);

    /// <summary>What happens before the nth read is answered.</summary>
    public Func<HttpContext, int, Task> OnRead { get; set; } = (_, _) => Task.CompletedTask;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>The money that was taken, by key.</summary>
    public ConcurrentDictionary<string, string> Taken { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<(string Method, string Key, long? DeadlineMs)> Requests { get; } = new();

    public static async Task<GatewayStub> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new GatewayStub(app);
        app.MapPost("/v1/charges", stub.ChargeAsync);
        app.MapGet("/v1/charges", stub.FindAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return stub;
    }

    /// <summary>Takes the money and answers as if nothing had happened.</summary>
    public static Task Done(Action take)
    {
        take();
        return Task.CompletedTask;
    }

    public int Count(string method) => Requests.Count(request => request.Method == method);

    public void Forget()
    {
        Requests.Clear();
        _reads = 0;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ChargeAsync(HttpContext context)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        Note(context, key);
        var times = Requests.Count(request => request.Method == "POST" && request.Key == key);
        await OnCharge(context, () => Assert.True(Taken.TryAdd(key, $"ch_{key}")), times);
        if (!context.Response.HasStarted && context.Response.StatusCode == StatusCodes.Status200OK)
        {
            await context.Response.WriteAsJsonAsync(new JsonObject { ["id"] = Taken[key] });
        }
    }

    private async Task FindAsync(HttpContext context)
    {
        var key = context.Request.Query["idempotencyKey"].ToString();
        Note(context, key);
        await OnRead(context, Interlocked.Increment(ref _reads));
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            JsonArray items = Taken.TryGetValue(key, out var id) ? [new JsonObject { ["id"] = id }] : [];
            await context.Response.WriteAsJsonAsync(new JsonObject { ["items"] = items });
        }
    }

    private void Note(HttpContext context, string key)
    {
        var deadline = context.Request.Headers[Deadline.Header].ToString();
        Requests.Enqueue((context.Request.Method, key, long.TryParse(deadline, NumberStyles.None, CultureInfo.InvariantCulture, out var left) ? left : null));
    }
}
