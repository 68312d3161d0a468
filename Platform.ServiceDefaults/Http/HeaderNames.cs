namespace Platform.ServiceDefaults.Http;

/// <summary>The headers of Platform's own.</summary>
public static class HeaderNames
{
    /// <summary>The caller's id for what it asked; taken over when it is valid, made when there is none, always returned.</summary>
    public const string CorrelationId = "X-Correlation-Id";

    /// <summary>The trace in which the request is found, 32 hexadecimal digits.</summary>
    public const string TraceId = "X-Trace-Id";

    /// <summary>How long the server took until the response began, in milliseconds with two decimals.</summary>
    public const string ResponseTime = "X-Response-Time-Ms";

    /// <summary>Where the time went (W3C Server-Timing): <c>total</c> for everybody, <c>db</c> and <c>redis</c> for operators and in Development.</summary>
    public const string ServerTiming = "Server-Timing";

    /// <summary>Makes a request that changes something safe to repeat.</summary>
    public const string IdempotencyKey = "Idempotency-Key";
}
