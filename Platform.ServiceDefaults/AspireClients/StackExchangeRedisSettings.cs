// The namespace and the name are those of Aspire's package, which takes this folder's place when UseAspire is true.
namespace Aspire.StackExchange.Redis;

/// <summary>How Redis is reached. Section <c>Aspire:StackExchange:Redis</c>, and over it <c>Aspire:StackExchange:Redis:{name}</c>.</summary>
public sealed class StackExchangeRedisSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{connectionName}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether no health check is added. Default <see langword="false"/>.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether no spans are collected. Default <see langword="false"/>.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>
    /// Whether the connection is made at its first use rather than while the host starts. Aspire's default is
    /// <see langword="false"/>; <c>AddServiceDefaults</c> sets it, so that Redis never holds up a start.
    /// </summary>
    public bool DisableAutoActivation { get; set; }
}
