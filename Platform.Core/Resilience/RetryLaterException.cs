namespace Platform.Resilience;

/// <summary>
/// Nothing is wrong with what was asked; it is asked at a bad moment. Who can wait tries again later and counts no failed attempt: an
/// event whose handler throws this is put off, however often it comes, and never becomes a dead letter.
/// </summary>
public abstract class RetryLaterException : Exception
{
    private protected RetryLaterException(string message, TimeSpan retryAfter, Exception? innerException)
        : base(message, innerException) => RetryAfter = retryAfter;

    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan RetryAfter { get; }

    // Those that were put off together do not come back together.
    internal TimeSpan PutOff() => RetryAfter * (1 + (Random.Shared.NextDouble() / 2));

    /// <summary>Finds the word of a breaker or bulkhead in an exception or what caused it.</summary>
    public static RetryLaterException? In(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is RetryLaterException later)
            {
                return later;
            }
        }

        return null;
    }
}

/// <summary>
/// A breaker is open: the call was not made, or it was the one that opened it (or failed to close it), and then what went wrong is the inner
/// exception.
/// </summary>
public sealed class CircuitBreakerOpenException(string breaker, TimeSpan retryAfter, Exception? innerException = null)
    : RetryLaterException($"The circuit breaker {breaker} is open.", retryAfter, innerException)
{
    /// <summary>The breaker's name.</summary>
    public string Breaker { get; } = breaker;
}

/// <summary>As many calls as may be are under way; this one was not made.</summary>
public sealed class BulkheadFullException(string breaker, TimeSpan retryAfter)
    : RetryLaterException($"As many calls of {breaker} as may be are under way.", retryAfter, null)
{
    /// <summary>The breaker whose bulkhead it is.</summary>
    public string Breaker { get; } = breaker;
}
