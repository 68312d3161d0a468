using System.Collections.Concurrent;

namespace Platform.GraphQL.PersistedDocuments;

/// <summary>How many documents each caller may leave in a minute. Callers that nobody has heard of for a minute are forgotten.</summary>
internal sealed class RegistrationBudget(int perMinute, TimeProvider time)
{
    private const int MaxCallers = 10_000;

    private readonly ConcurrentDictionary<string, int> _spent = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _minute;

    /// <summary>Takes one from the caller's budget of this minute.</summary>
    /// <returns>Whether there was one left.</returns>
    public bool TrySpend(string caller)
    {
        StartMinute(time.GetUtcNow().ToUnixTimeSeconds() / 60);
        return (_spent.Count < MaxCallers || _spent.ContainsKey(caller))
            && _spent.AddOrUpdate(caller, 1, (_, spent) => spent + 1) <= perMinute;
    }

    private void StartMinute(long minute)
    {
        if (Volatile.Read(ref _minute) == minute)
        {
            return;
        }

        lock (_gate)
        {
            if (_minute != minute)
            {
                _spent.Clear();
                Volatile.Write(ref _minute, minute);
            }
        }
    }
}
