using Microsoft.EntityFrameworkCore;
using Platform.Idempotency;

namespace Platform.EntityFrameworkCore.Idempotency;

/// <summary>Adds the table of answered keys to the model of any context.</summary>
public static class IdempotencyModel
{
    /// <summary>The longest name of a client.</summary>
    public const int MaxClientLength = 200;

    internal const string Table = "core_idempotency_key";

    /// <summary>Adds the table. Its names do not depend on the naming convention.</summary>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="schema">Where the table is.</param>
    public static ModelBuilder ApplyIdempotency(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<IdempotencyRecord>(row =>
        {
            row.ToTable(Table, schema);
            row.HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02);
            row.HasKey(r => new { r.Client, r.Key }).HasName("pk_core_idempotency_key");
            row.Property(r => r.Client).HasColumnName("client").HasMaxLength(MaxClientLength);
            row.Property(r => r.Key).HasColumnName("key").HasMaxLength(IdempotencyKey.MaxLength);
            row.Property(r => r.Fingerprint).HasColumnName("fingerprint");
            row.Property(r => r.Status).HasColumnName("status");
            row.Property(r => r.Headers).HasColumnName("headers").HasColumnType("jsonb");
            row.Property(r => r.Body).HasColumnName("body");
            row.Property(r => r.AnsweredAt).HasColumnName("answered_at").HasDefaultValueSql("clock_timestamp()");
            row.HasIndex(r => r.AnsweredAt).HasMethod("brin").HasDatabaseName("ix_core_idempotency_key_answered_at");
        });
        return modelBuilder;
    }
}
