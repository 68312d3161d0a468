using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace Platform.GraphQL.Subscriptions;

/// <summary>Counts the connections of this process, all and of each caller. Thread safe.</summary>
internal sealed class ConnectionLimits(IOptions<SubscriptionOptions> options)
{
    private readonly SubscriptionOptions _options = options.Value;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _ofCaller = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place in the process; null when there is none.</summary>
    /// <param name="transport">How the connection is made.</param>
    public Place? TryEnter(string transport)
    {
        lock (_gate)
        {
            if (_all >= _options.MaxConnections)
            {
                return null;
            }

            _all++;
        }

        var tag = new KeyValuePair<string, object?>(SubscriptionTelemetry.Transport, transport);
        SubscriptionTelemetry.Connections.Add(1, tag);
        return new Place(this, tag);
    }

    private bool TryTake(string caller)
    {
        lock (_gate)
        {
            var count = _ofCaller.GetValueOrDefault(caller);
            if (count >= _options.MaxConnectionsPerCaller)
            {
                return false;
            }

            _ofCaller[caller] = count + 1;
            return true;
        }
    }

    private void Leave(string? caller)
    {
        lock (_gate)
        {
            _all--;
            if (caller is not null && --_ofCaller[caller] == 0)
            {
                _ofCaller.Remove(caller);
            }
        }
    }

    /// <summary>One connection's place.</summary>
    internal sealed class Place(ConnectionLimits limits, KeyValuePair<string, object?> transport) : IDisposable
    {
        private string? _caller;
        private int _left;

        /// <summary>Counts the connection as the caller's, once the caller is known. False when the caller has as many as it may.</summary>
        public bool TryBelongTo(ClaimsPrincipal user)
        {
            var caller = CallerOf(user);
            if (!limits.TryTake(caller))
            {
                return false;
            }

            _caller = caller;
            return true;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                limits.Leave(_caller);
                SubscriptionTelemetry.Connections.Add(-1, transport);
            }
        }
    }

    /// <summary>Whose connections count together.</summary>
    public static string CallerOf(ClaimsPrincipal user) => $"{user.FindFirstValue("client_id")} {user.FindFirstValue("sub")}";
}
