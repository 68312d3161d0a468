namespace Platform.Errors;

/// <summary>Whether sending a request again makes sense.</summary>
public enum RetryAdvice
{
    /// <summary>Only when the request or the data changed: the same one is refused again.</summary>
    AfterChange,

    /// <summary>The same request, after the time that <c>Retry-After</c> names: nothing of it was done.</summary>
    AfterWait,

    /// <summary>It is not known whether it was done: reads, and what carries an <c>Idempotency-Key</c>, may be repeated.</summary>
    Repeatable,
}
