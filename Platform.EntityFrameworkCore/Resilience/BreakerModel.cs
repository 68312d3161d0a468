using Microsoft.EntityFrameworkCore;
using Platform.Resilience;

namespace Platform.EntityFrameworkCore.Resilience;

/// <summary>Adds the tables of breakers to the model of any context.</summary>
public static class BreakerModel
{
    /// <summary>Adds the tables. Their names and columns do not depend on the context's naming convention.</summary>
    public static ModelBuilder ApplyBreakers(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        modelBuilder.Entity<BreakerStateRow>(row =>
        {
            row.ToTable("core_breaker_state", schema);
            row.HasStorageParameter("fillfactor", 50);
            row.HasKey(e => new { e.Replica, e.Breaker }).HasName("pk_core_breaker_state");
            row.Property(e => e.Replica).HasColumnName("replica");
            row.Property(e => e.Breaker).HasColumnName("breaker").HasMaxLength(CircuitBreakers.MaxNameLength);
            row.Property(e => e.Service).HasColumnName("service").HasMaxLength(200);
            row.Property(e => e.State).HasColumnName("state");
            row.Property(e => e.Order).HasColumnName("obeys");
            row.Property(e => e.Failures).HasColumnName("failures");
            row.Property(e => e.OpenedAt).HasColumnName("opened_at");
            row.Property(e => e.RetryAfter).HasColumnName("retry_after");
            row.Property(e => e.UpdatedAt).HasColumnName("updated_at");
        });
        modelBuilder.Entity<BreakerOrderRow>(row =>
        {
            row.ToTable("core_breaker_order", schema);
            row.HasKey(e => e.Breaker).HasName("pk_core_breaker_order");
            row.Property(e => e.Breaker).HasColumnName("breaker").HasMaxLength(CircuitBreakers.MaxNameLength);
            row.Property(e => e.Order).HasColumnName("obeys");
            row.Property(e => e.Options).HasColumnName("options").HasColumnType("jsonb");
            row.Property(e => e.Epoch).HasColumnName("epoch");
        });
        modelBuilder.Entity<BreakerCommandRow>(row =>
        {
            row.ToTable("core_breaker_command", schema);
            row.HasKey(e => e.Id).HasName("pk_core_breaker_command");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(e => e.Breaker).HasColumnName("breaker").HasMaxLength(CircuitBreakers.MaxNameLength);
            row.Property(e => e.Verb).HasColumnName("verb").HasMaxLength(20);
            row.Property(e => e.Options).HasColumnName("options").HasColumnType("jsonb");
            row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(200);
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(1000);
            row.Property(e => e.At).HasColumnName("at");
            row.HasIndex(e => e.At).HasDatabaseName("ix_core_breaker_command_at");
        });
        return modelBuilder;
    }
}
