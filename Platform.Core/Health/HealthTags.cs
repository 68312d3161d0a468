namespace Platform.Health;

/// <summary>
/// What a health check is for. A capability adds its checks with <c>services.AddHealthChecks().AddCheck&lt;T&gt;(name, tags: [...])</c>.
/// </summary>
/// <remarks>A check without any tag, such as those that Aspire's client packages add, counts as <see cref="Ready"/>.</remarks>
public static class HealthTags
{
    /// <summary>Asked by <c>/readyz</c>: the host gets no requests while such a check fails.</summary>
    public const string Ready = "ready";

    /// <summary>
    /// Asked by <c>/startup</c> until it has passed once: migrations are applied, caches are warm. <c>/readyz</c> is false until then.
    /// </summary>
    public const string Startup = "startup";

    /// <summary>Beside one of the others: when it fails the host is degraded and goes on.</summary>
    public const string Optional = "optional";
}
