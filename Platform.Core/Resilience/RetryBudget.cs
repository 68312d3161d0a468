namespace Platform.Resilience;

/// <summary>
/// Lets so many retries through as there are successful or first calls to pay for them: in an outage everybody would otherwise send
/// three times as much to a dependency that cannot even answer once. Thread safe.
/// </summary>
public sealed class RetryBudget
{
    private const int Unit = 1000;

    private readonly int _perCall;
    private readonly int _most;
    private int _tokens;

    /// <summary>Starts full.</summary>
    /// <param name="ratio">Retries for each call; 0.2 lets one call of five be repeated.</param>
    /// <param name="reserve">Retries that are always there when nothing was repeated for a while.</param>
    public RetryBudget(double ratio = 0.2, int reserve = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ratio, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ratio, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(reserve, 1);
        _perCall = (int)(ratio * Unit);
        _most = reserve * Unit;
        _tokens = _most;
    }

    /// <summary>A call was made for the first time.</summary>
    public void Deposit()
    {
        int before, after;
        do
        {
            before = Volatile.Read(ref _tokens);
            after = Math.Min(_most, before + _perCall);
        }
        while (before != after && Interlocked.CompareExchange(ref _tokens, after, before) != before);
    }

    /// <summary>Takes a retry out.</summary>
    /// <returns>False when there is none left: give up.</returns>
    public bool TryWithdraw()
    {
        int before;
        do
        {
            before = Volatile.Read(ref _tokens);
            if (before < Unit)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _tokens, before - Unit, before) != before);
        return true;
    }
}
