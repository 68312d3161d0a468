using Microsoft.Extensions.Logging;
using Platform.Telemetry;

namespace Platform.ServiceDefaults.Logging;

/// <summary>
/// The scopes that were begun, and before them what the present unit of work says of itself. A scope begun for each request would cost two copies of the
/// execution context, whether anything is logged or not.
/// </summary>
internal sealed class WorkScopes : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _begun = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state)
    {
        if (WorkTime.Current?.Scope is { } work)
        {
            callback(work, state);
        }

        _begun.ForEachScope(callback, state);
    }

    public IDisposable Push(object? state) => _begun.Push(state);
}
