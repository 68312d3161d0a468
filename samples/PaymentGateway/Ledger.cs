namespace PaymentGateway;

/// <summary>
/// All charges and refunds, the keys that they were asked with, and the rule that one key has one effect. Thread safe: one request
/// at a time.
/// </summary>
/// <remarks>It remembers the last <paramref name="capacity"/> entries; an older key is forgotten, as real gateways forget after a day.</remarks>
internal sealed class Ledger(int capacity, LedgerFile? file, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LedgerEntry> _byKey = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _refunded = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _byOrder = new(StringComparer.Ordinal);
    private readonly Queue<LedgerEntry> _order = new();
    private long _chargeCount;
    private long _refundCount;
    private long _rejected;
    private long _replayed;
    private long _failed;

    public Stats Stats
    {
        get
        {
            lock (_gate)
            {
                return new(_chargeCount, _refundCount, _rejected, _replayed, _failed);
            }
        }
    }

    /// <summary>Takes in what an earlier run wrote.</summary>
    public void Load()
    {
        lock (_gate)
        {
            foreach (var entry in file?.Read() ?? [])
            {
                Remember(entry);
            }

            CompactIfLong();
        }
    }

    /// <summary>Takes the money once for a key.</summary>
    public Outcome<Charge> Charge(string key, string orderId, decimal amount, string currency)
    {
        lock (_gate)
        {
            var wanted = new Charge(NewId("ch"), orderId, amount, currency, PaymentGateway.Charge.Captured, time.GetUtcNow());
            if (_byKey.TryGetValue(key, out var known))
            {
                return known.Charge?.IsFor(wanted) == true
                    ? Replay(_charges.GetValueOrDefault(known.Charge.Id, known.Charge))
                    : Reject<Charge>("The key was used for another request.");
            }

            Record(new LedgerEntry(key, wanted, null));
            return new(wanted, Replayed: false);
        }
    }

    /// <summary>Gives money back once for a key.</summary>
    public Outcome<Refund> Refund(string key, string chargeId, decimal? amount)
    {
        lock (_gate)
        {
            if (_byKey.TryGetValue(key, out var known))
            {
                return known.Refund is { } refund && refund.ChargeId == chargeId && (amount is null || amount == refund.Amount)
                    ? Replay(refund)
                    : Reject<Refund>("The key was used for another request.");
            }

            if (!_charges.TryGetValue(chargeId, out var charge))
            {
                return Reject<Refund>("There is no such charge.", notFound: true);
            }

            var left = charge.Amount - _refunded.GetValueOrDefault(chargeId);
            var wanted = amount ?? left;
            if (left <= 0 || wanted > left)
            {
                return Reject<Refund>("More than is left of the charge.");
            }

            var made = new Refund(NewId("re"), chargeId, wanted, charge.Currency, "succeeded", time.GetUtcNow());
            Record(new LedgerEntry(key, null, made));
            return new(made, Replayed: false);
        }
    }

    public Charge? Find(string chargeId)
    {
        lock (_gate)
        {
            return _charges.GetValueOrDefault(chargeId);
        }
    }

    /// <summary>What was charged under a key, as it stands now.</summary>
    public Charge? ForKey(string key)
    {
        lock (_gate)
        {
            return _byKey.GetValueOrDefault(key)?.Charge is { } charge ? _charges.GetValueOrDefault(charge.Id, charge) : null;
        }
    }

    public IReadOnlyList<Charge> ForOrder(string orderId, int limit)
    {
        lock (_gate)
        {
            return _byOrder.TryGetValue(orderId, out var ids) ? [.. ids.Take(limit).Select(id => _charges[id])] : [];
        }
    }

    public void CountRejected() => Interlocked.Increment(ref _rejected);

    public void CountFailed() => Interlocked.Increment(ref _failed);

    public void Dispose() => file?.Dispose();

    private Outcome<T> Replay<T>(T value)
    {
        _replayed++;
        return new(value, Replayed: true);
    }

    private Outcome<T> Reject<T>(string reason, bool notFound = false)
    {
        CountRejected();
        return new(default, Replayed: false, reason, notFound);
    }

    private string NewId(string kind) => $"{kind}_{Guid.CreateVersion7(time.GetUtcNow()):N}";

    // The file first: what cannot be written did not happen.
    private void Record(LedgerEntry entry)
    {
        file?.Append(entry);
        Remember(entry);
        CompactIfLong();
    }

    private void Remember(LedgerEntry entry)
    {
        _byKey[entry.Key] = entry;
        _order.Enqueue(entry);
        if (entry.Charge is { } charge)
        {
            _chargeCount++;
            _charges[charge.Id] = charge;
            if (!_byOrder.TryGetValue(charge.OrderId, out var ids))
            {
                _byOrder[charge.OrderId] = ids = [];
            }

            ids.Add(charge.Id);
        }
        else if (entry.Refund is { } refund)
        {
            _refundCount++;
            if (_charges.TryGetValue(refund.ChargeId, out var refunded))
            {
                var total = _refunded[refund.ChargeId] = _refunded.GetValueOrDefault(refund.ChargeId) + refund.Amount;
                _charges[refund.ChargeId] = total >= refunded.Amount ? refunded with { Status = PaymentGateway.Charge.Refunded } : refunded;
            }
        }

        while (_order.Count > capacity)
        {
            Forget(_order.Dequeue());
        }
    }

    private void Forget(LedgerEntry entry)
    {
        _byKey.Remove(entry.Key);
        if (entry.Charge is not { } charge)
        {
            return;
        }

        _charges.Remove(charge.Id);
        _refunded.Remove(charge.Id);
        if (_byOrder.TryGetValue(charge.OrderId, out var ids) && ids.Remove(charge.Id) && ids.Count == 0)
        {
            _byOrder.Remove(charge.OrderId);
        }
    }

    private void CompactIfLong()
    {
        if (file is not null && file.Lines > capacity * 2L)
        {
            file.Rewrite(_order);
        }
    }
}

/// <summary>What became of a request: a value, or why not.</summary>
internal sealed record Outcome<T>(T? Value, bool Replayed, string? Refusal = null, bool NotFound = false);
