using System.Globalization;
using Microsoft.AspNetCore.Http;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>
/// Takes over the deadline of a caller: past it the work is cancelled and answered with 504, as nobody waits for it any more. It can
/// only shorten what the host allows.
/// </summary>
internal sealed class DeadlineMiddleware(RequestDelegate next, TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public Task InvokeAsync(HttpContext context)
    {
        var given = context.Request.Headers[Deadline.Header];
        return given.Count == 1
            && long.TryParse(given[0], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds > 0
            && milliseconds <= Longest.TotalMilliseconds
            ? WithinAsync(context, milliseconds)
            : next(context);
    }

    private async Task WithinAsync(HttpContext context, long milliseconds)
    {
        using var deadline = Deadline.Within(TimeSpan.FromMilliseconds(milliseconds), time);
        using var timeout = new CancellationTokenSource(deadline.Left, time);
        var aborted = context.RequestAborted;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(aborted, timeout.Token);
        context.RequestAborted = linked.Token;
        try
        {
            await next(context);
        }
        catch (OperationCanceledException stopped) when (timeout.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            // Not this host's failure: see BudgetMiddleware.
            context.Features.Set(Missed.Deadline);
            throw new TimeoutException("The caller's deadline is over.", stopped);
        }
        finally
        {
            context.RequestAborted = aborted;
        }
    }

    /// <summary>A feature of a request that was not done in the time that its caller gave it.</summary>
    internal sealed class Missed
    {
        public static readonly Missed Deadline = new();
    }
}
