using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Platform.Identifiers;
using Platform.Identity;
using Platform.ServiceDefaults.Identity;
using Platform.ServiceDefaults.Redaction;
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
        var made = given.Count == 1 && Correlation.IsValid(given[0]) ? (Guid?)null : Uuid7.Next(time);
        var correlationId = made?.ToString("D") ?? given[0]!;
        Correlation.Set(Activity.Current, correlationId);

        // An id of our own needs no search for what must not be logged, which a value that is no text is spared.
        var work = WorkTime.Begin(new RequestScope(made is { } id ? id : correlationId, context.Request.Path.Value));
        context.Response.OnStarting(
            static state => ((Stamp)state).Apply(), new Stamp(context, correlationId, time, work, environment, lifetime.ApplicationStopping));
        try
        {
            await next(context);
        }
        catch (Exception failure) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            Answer(context, failure);
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

    // What the answer is to say when it starts.
    private sealed class Stamp(
        HttpContext context, string correlationId, TimeProvider time, WorkTime work, IHostEnvironment environment, CancellationToken stopping)
    {
        private const string Total = "total;dur=";
        private const long TicksOfHundredth = TimeSpan.TicksPerMillisecond / 100;

        private readonly long _started = time.GetTimestamp();
        private readonly string? _traceId = Activity.Current?.TraceId.ToHexString();

        public Task Apply()
        {
            var headers = context.Response.Headers;
            SecurityHeaders.Apply(context, environment);
            DeprecationExtensions.Apply(context.GetEndpoint(), headers);
            headers[HeaderNames.CorrelationId] = correlationId;
            if (_traceId is not null)
            {
                headers[HeaderNames.TraceId] = _traceId;
            }

            // Milliseconds with two decimals, which cost less as a whole number of hundredths than as a fraction.
            var hundredths = (time.GetElapsedTime(_started).Ticks + (TicksOfHundredth / 2)) / TicksOfHundredth;
            var total = string.Create(CultureInfo.InvariantCulture, $"{Total}{hundredths / 100}.{hundredths % 100:00}");
            headers[HeaderNames.ResponseTime] = total[Total.Length..];
            headers[HeaderNames.ServerTiming] = environment.IsDevelopment() || IsOperator(context) ? Detailed(total) : total;

            // A kept connection is closed at the end of the drain, at a moment when a request may be on its way: let the client part first.
            if (stopping.IsCancellationRequested && !HttpProtocol.IsHttp2(context.Request.Protocol) && !HttpProtocol.IsHttp3(context.Request.Protocol))
            {
                headers.Connection = "close";
            }

            return Task.CompletedTask;
        }

        // The scope alone: roles are looked up where something depends on it. Who is nobody has no user, and is not to be given one here.
        private static bool IsOperator(HttpContext context)
        {
            if (context.KnownUserOrNull()?.FindFirst("scope")?.Value is not { } text)
            {
                return false;
            }

            var scopes = text.AsSpan();
            foreach (var scope in scopes.Split(' '))
            {
                if (scopes[scope].SequenceEqual(ApiScopes.Operate))
                {
                    return true;
                }
            }

            return false;
        }

        private string Detailed(string total) => string.Create(
            CultureInfo.InvariantCulture,
            $"{total}, db;dur={work.Database.TotalMilliseconds:F2};desc=\"{work.Statements}\", redis;dur={work.Redis.TotalMilliseconds:F2}");
    }

    // What log lines of the request say.
    private sealed class RequestScope(object correlationId, string? path) : IReadOnlyList<KeyValuePair<string, object?>>
    {
        public int Count => 2;

        public KeyValuePair<string, object?> this[int index] => index switch
        {
            0 => new("correlation_id", correlationId),
            1 => new(SafeAttributes.PathOfLine, path),
            _ => throw new ArgumentOutOfRangeException(nameof(index)),
        };

        public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
        {
            yield return this[0];
            yield return this[1];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();

        public override string ToString() => $"correlation_id:{correlationId} RequestPath:{path}";
    }
}
