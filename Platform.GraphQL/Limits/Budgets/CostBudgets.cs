using System.Collections.Concurrent;
using Platform.RateLimiting;
using Platform.ServiceDefaults.RateLimiting;

namespace Platform.GraphQL.Limits.Budgets;

/// <summary>
/// Holds what callers spend in a minute, over all replicas in Redis, and by itself while Redis is away. A replica takes out a little more than it needs
/// and spends that from memory, so that not every request waits for Redis; what it does not spend within the minute is lost to the caller. Thread safe.
/// </summary>
internal sealed class CostBudgets(RedisRates rates, TimeProvider time)
{
    private const int MaxAccounts = 50_000;

    // The part of a minute's budget that a replica takes out at once.
    private const int LeasesPerMinute = 200;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);

    /// <summary>Whether the caller has nothing left, as far as this replica knows: to be asked before anything is read.</summary>
    /// <returns>How long until there is something again, or null.</returns>
    public TimeSpan? ExhaustedFor(Payer payer)
    {
        if (!_accounts.TryGetValue(payer.Key, out var account) || Volatile.Read(ref account.ClosedUntil) is var until && until == 0)
        {
            return null;
        }

        var left = time.GetElapsedTime(time.GetTimestamp(), until);
        return left > TimeSpan.Zero ? left : null;
    }

    /// <summary>Pays.</summary>
    /// <param name="payer">Who.</param>
    /// <param name="cost">How much.</param>
    /// <param name="closes">Whether a caller who cannot pay is told so before anything else is read of it.</param>
    /// <returns>Whether there was enough; otherwise nothing is taken.</returns>
    public async ValueTask<RateDecision> TakeAsync(Payer payer, long cost, bool closes = false)
    {
        var account = AccountOf(payer.Key);
        var now = time.GetTimestamp();
        if (account.TrySpend(cost, now, time, out var left))
        {
            return new(true, account.Shared + left, account.Reset, TimeSpan.Zero);
        }

        var limit = new RateLimit { Limit = payer.Budget.PerMinute, Window = Window };
        var lease = Math.Min(limit.Limit, Math.Max(cost, limit.Limit / LeasesPerMinute));
        var key = $"graphql-cost:{{{payer.Key}}}";
        var decision = await rates.TakeAsync([key], limit, lease);
        if (!decision.Allowed && lease > cost)
        {
            lease = cost;
            decision = await rates.TakeAsync([key], limit, lease);
        }

        if (!decision.Allowed)
        {
            account.Refuse(decision, closes, now, time);
            return decision;
        }

        left = account.Keep(lease - cost, now, decision);
        return decision with { Remaining = decision.Remaining + left };
    }

    private Account AccountOf(string key)
    {
        if (_accounts.Count >= MaxAccounts && !_accounts.ContainsKey(key))
        {
            _accounts.Clear();
        }

        return _accounts.GetOrAdd(key, static _ => new Account());
    }

    /// <summary>What a replica knows of one caller, and holds for it.</summary>
    private sealed class Account
    {
        public long ClosedUntil;

        private readonly Lock _turn = new();
        private long _leased;
        private long _leasedAt;

        /// <summary>What was left of the budget when this replica asked last.</summary>
        public long Shared { get; private set; }

        /// <summary>How long until the whole budget is there again, as it was then.</summary>
        public TimeSpan Reset { get; private set; }

        public bool TrySpend(long cost, long now, TimeProvider time, out long left)
        {
            lock (_turn)
            {
                if (_leased > 0 && time.GetElapsedTime(_leasedAt, now) >= Window)
                {
                    _leased = 0;
                }

                left = _leased - cost;
                if (left < 0)
                {
                    return false;
                }

                _leased = left;
                return true;
            }
        }

        public long Keep(long more, long now, RateDecision decision)
        {
            lock (_turn)
            {
                (_leased, _leasedAt) = (_leased + more, now);
                (Shared, Reset) = (decision.Remaining, decision.Reset);
                ClosedUntil = 0;
                return _leased;
            }
        }

        // One dear operation that does not fit is no reason to refuse cheap ones; an empty budget is, and so is a fee that is too much.
        public void Refuse(RateDecision decision, bool closes, long now, TimeProvider time)
        {
            lock (_turn)
            {
                if (closes || (decision.Remaining == 0 && _leased == 0))
                {
                    var pause = Math.Min(decision.RetryAfter.TotalSeconds, 1);
                    ClosedUntil = now + (long)(pause * time.TimestampFrequency);
                }
            }
        }
    }
}
