using System.Globalization;
using Platform.Resilience;

namespace Platform.ServiceDefaults.Resilience;

/// <summary>Tells whom a request goes to how long its caller waits, and waits no longer.</summary>
internal sealed class DeadlineHandler(TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Deadline.Left is not { } left)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        if (left <= TimeSpan.Zero)
        {
            throw new TimeoutException("The deadline of the work is over.");
        }

        request.Headers.Remove(Deadline.Header);
        request.Headers.TryAddWithoutValidation(Deadline.Header, Math.Max(1, (long)left.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        using var timeout = new CancellationTokenSource(left, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await base.SendAsync(request, linked.Token);
        }
        catch (OperationCanceledException stopped) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("The deadline of the work is over.", stopped);
        }
    }
}
