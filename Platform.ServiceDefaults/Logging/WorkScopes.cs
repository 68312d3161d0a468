using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// The scopes that were begun, and before them what the present unit of work says of itself. A scope begun for each request would cost two copies of the
/// execution context, whether anything is logged or not.
/// </summary>
/// <remarks>What the web server begins for each connection (its id) is left out: the ids of the trace tell more, and each line and call would carry it.</remarks>
internal sealed class WorkScopes : IExternalScopeProvider
{
    private static readonly Assembly Server = typeof(KestrelServer).Assembly;

    private readonly LoggerExternalScopeProvider _begun = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (WorkTime.Current?.Scope is { } work)
        {
            callback(work, state);
        }

        _begun.ForEachScope(callback, state);
    }

    public IDisposable Push(object? state) => state?.GetType().Assembly == Server ? Nothing.Instance : _begun.Push(state);

    private sealed class Nothing : IDisposable
    {
        public static readonly Nothing Instance = new();

        public void Dispose()
        {
        }
    }
}
