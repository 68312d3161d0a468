using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Identifiers;
using Platform.Identity;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Http;

/// <summary>
/// Outermost of all middleware: every response, errors and probes included, says how long it took (<c>X-Response-Time-Ms</c>), to which
/// trace it belongs (<c>X-Trace-Id</c>), the caller's id for it (<c>X-Correlation-Id</c>), and tells browsers to be
/// careful (<see cref="SecurityHeaders"/>).
/// </summary>
internal sealed class ResponseHeadersMiddleware(
    RequestDelegate next,
    TimeProvider time,
    IHostEnvironment environment,
    IHostApplicationLifetime lifetime,
    ILogger<ResponseHeadersMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[HeaderNames.CorrelationId];
        var correlationId = given.Count == 1 && Correlation.IsValid(given[0]) ? given[0]! : Uuid7.Next(time).ToString("D");
        Correlation.Set(Activity.Current, correlationId);

        var stamp = new Stamp(context, correlationId, time, WorkTime.Begin(), environment, lifetime.ApplicationStopping);
        context.Response.OnStarting(static state => ((Stamp)state).Apply(), stamp);
        using (logger.BeginScope(stamp))
        {
            try
            {
                await next(context);
            }
            catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
            {
                Answer(context, failure);
            }
        }
    }

    // The last resort, for what the host's own exception handler did not see: left to the server, the answer would lose its headers.
    private void Answer(HttpContext context, Exception failure)
    {
        Log.Unhandled(logger, failure);
        Activity.Current?.AddException(failure);
        Activity.Current?.SetStatus(ActivityStatusCode.Error);
        context.Features.Get<IHttpMetricsTagsFeature>()?.Tags.Add(new("error.type", failure.GetType().FullName));
        context.Response.Clear();
        context.Response.StatusCode = failure is BadHttpRequestException refused ? refused.StatusCode : StatusCodes.Status500InternalServerError;
    }

    // One object a request: the state of the callback and the scope of the log.
    private sealed class Stamp(
        HttpContext context, string correlationId, TimeProvider time, WorkTime work, IHostEnvironment environment, CancellationToken stopping)
        : IReadOnlyList<KeyValuePair<string, object?>>
    {
        private readonly long _started = time.GetTimestamp();
        private readonly string? _traceId = Activity.Current?.TraceId.ToHexString();

        public int Count => 1;

        public KeyValuePair<string, object?> this[int index] =>
            index == 0 ? new("correlation_id", correlationId) : throw new ArgumentOutOfRangeException(nameof(index));

        public Task Apply()
        {
            var headers = context.Response.Headers;
            SecurityHeaders.Apply(context, environment);
            headers[HeaderNames.CorrelationId] = correlationId;
            if (_traceId is not null)
            {
                headers[HeaderNames.TraceId] = _traceId;
            }

            var took = time.GetElapsedTime(_started).TotalMilliseconds.ToString("F2", CultureInfo.InvariantCulture);
            headers[HeaderNames.ResponseTime] = took;
            headers[HeaderNames.ServerTiming] = environment.IsDevelopment() || IsOperator(context) ? Detailed(took) : $"total;dur={took}";

            // A kept connection is closed at the end of the drain, at a moment when a request may be on its way: let the client part first.
            if (stopping.IsCancellationRequested && !HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
            {
                headers.Connection = "close";
            }

            return Task.CompletedTask;
        }

        // The scope alone: roles are looked up where something depends on it.
        private static bool IsOperator(HttpContext context) =>
            context.User.FindFirst("scope")?.Value is { } scopes && scopes.Split(' ').Contains(ApiScopes.Operate, StringComparer.Ordinal);

        private string Detailed(string took) => string.Create(
            CultureInfo.InvariantCulture,
            $"total;dur={took}, db;dur={work.Database.TotalMilliseconds:F2};desc=\"{work.Statements}\", redis;dur={work.Redis.TotalMilliseconds:F2}");

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"correlation_id:{correlationId}";
    }
}
