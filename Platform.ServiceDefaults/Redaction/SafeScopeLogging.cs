using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using Platform.Redaction;

namespace Platform.ServiceDefaults.Redaction;

/// <summary>OpenTelemetry's log provider with scopes that are redacted when they are read.</summary>
[ProviderAlias("OpenTelemetry")]
internal sealed class SafeScopeLogging(OpenTelemetryLoggerProvider inner, Redactors redactors) : ILoggerProvider, ISupportExternalScope
{
    public ILogger CreateLogger(string categoryName) => inner.CreateLogger(categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => ((ISupportExternalScope)inner).SetScopeProvider(new SafeScopes(scopeProvider, redactors));

    public void Dispose() => inner.Dispose();

    private sealed class SafeScopes(IExternalScopeProvider scopes, Redactors redactors) : IExternalScopeProvider
    {
        public IDisposable Push(object? state) => scopes.Push(state);

        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
            scopes.ForEachScope(
                static (scope, of) => of.Callback(Safe(scope, of.Redactor), of.State),
                (Callback: callback, State: state, Redactor: redactors.For(RedactionAudience.Telemetry)));

        private static object? Safe(object? scope, Redactor redactor)
        {
            if (scope is not IEnumerable<KeyValuePair<string, object?>> values)
            {
                return scope is null ? null : redactor.Redact(scope.ToString() ?? "");
            }

            List<KeyValuePair<string, object?>> safe = [];
            var isChanged = false;
            foreach (var value in values)
            {
                var isRedacted = SafeAttributes.TryRedact(value, redactor, out var redacted);
                isChanged |= isRedacted;
                safe.Add(isRedacted ? new(value.Key, redacted) : value);
            }

            return isChanged ? safe : scope;
        }
    }
}
