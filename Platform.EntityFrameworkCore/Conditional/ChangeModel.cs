using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platform.EntityFrameworkCore.Conditional;

/// <summary>Adds the log of changes to the model of any context.</summary>
public static class ChangeModel
{
    internal const string Table = "core_change";
    internal const string KindAnnotation = "Platform:Changes:Kind";
    internal const string IdAnnotation = "Platform:Changes:Id";

    /// <summary>Adds the table; the triggers that fill it are <see cref="ChangeTriggers"/>. Its names do not depend on the naming convention.</summary>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="schema">Where the table is.</param>
    public static ModelBuilder ApplyChanges(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<ChangeRecord>(row =>
        {
            row.ToTable(Table, schema);
            row.HasStorageParameter("autovacuum_vacuum_insert_scale_factor", 0.05);
            row.HasKey(c => new { c.TransactionId, c.Position }).HasName("pk_core_change");
            row.Property(c => c.TransactionId).HasColumnName("transaction_id").HasColumnType("xid8").HasDefaultValueSql("pg_current_xact_id()");
            row.Property(c => c.Position).HasColumnName("position").UseIdentityAlwaysColumn();
            row.Property(c => c.Kind).HasColumnName("kind").HasMaxLength(40);
            row.Property(c => c.ResourceId).HasColumnName("resource_id");
            row.Property(c => c.Deleted).HasColumnName("deleted");
            row.Property(c => c.ChangedAt).HasColumnName("changed_at").HasDefaultValueSql("clock_timestamp()");
        });
        return modelBuilder;
    }

    /// <summary>Says that changes of the entity are logged, so that this process notices its own at once.</summary>
    /// <param name="entity">The entity; its table has a trigger (<see cref="ChangeTriggers.On"/>).</param>
    /// <param name="kind">The name in the log.</param>
    /// <param name="idProperty">Which property names the resource; the entity's own id by default.</param>
    public static EntityTypeBuilder LogsChanges(this EntityTypeBuilder entity, string kind, string idProperty = "Id")
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentException.ThrowIfNullOrEmpty(kind);
        return entity.HasAnnotation(KindAnnotation, kind).HasAnnotation(IdAnnotation, idProperty);
    }
}
