// The namespace and the name are those of Aspire's package, which takes this folder's place when UseAspire is true.
namespace Aspire.Npgsql.EntityFrameworkCore.PostgreSQL;

/// <summary>
/// How a context reaches PostgreSQL. Section <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL:{context}</c> if it exists, else
/// <c>Aspire:Npgsql:EntityFrameworkCore:PostgreSQL</c>.
/// </summary>
public sealed class NpgsqlEntityFrameworkCorePostgreSQLSettings
{
    /// <summary>The connection string; <c>ConnectionStrings:{connectionName}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Whether failed commands are not tried again. Default <see langword="false"/>: transient errors are retried.</summary>
    /// <remarks>With retries on, EF Core refuses a transaction that the caller opens outside of the execution strategy.</remarks>
    public bool DisableRetry { get; set; }

    /// <summary>Whether no health check is added. Default <see langword="false"/>: one is added, named as the context's type.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether Npgsql's spans are not collected. Default <see langword="false"/>.</summary>
    public bool DisableTracing { get; set; }

    /// <summary>Whether Npgsql's metrics are not collected. Default <see langword="false"/>.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>How long a command may run, in seconds. Default <see langword="null"/>: Npgsql's own, 30.</summary>
    public int? CommandTimeout { get; set; }
}
