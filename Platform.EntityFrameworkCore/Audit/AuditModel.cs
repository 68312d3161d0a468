using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Platform.Audit;

namespace Platform.EntityFrameworkCore.Audit;

/// <summary>Adds the tables of the audit trail to the model of any context.</summary>
public static class AuditModel
{
    internal const string PositionSequence = "core_security_audit_position";

    /// <summary>
    /// Adds <c>core_security_audit</c>, <c>core_security_audit_seal</c>, <c>core_security_audit_head</c> and <c>core_security_audit_erasure</c>. The migration that makes them
    /// also has to run <see cref="AuditProtection.Up"/>, and <see cref="Redaction.ErasableHistory.Up"/> where persons can be erased.
    /// </summary>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="schema">Where the tables are.</param>
    public static ModelBuilder ApplyAudit(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);

        modelBuilder.HasSequence<long>(PositionSequence, schema);
        modelBuilder.Entity<AuditRow>(row =>
        {
            row.ToTable("core_security_audit", schema);
            row.HasKey(e => e.Id).HasName("pk_core_security_audit");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();

            // The transaction has its id before it draws a position; where the chain is settled rests on that order.
            var position = row.Property(e => e.Position).HasColumnName("position").HasDefaultValueSql(
                $"CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('\"{schema}\".{PositionSequence}'::regclass) END").ValueGeneratedNever();
            position.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
            row.Property(e => e.OccurredAt).HasColumnName("occurred_at");
            row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(200);
            row.Property(e => e.Action).HasColumnName("action").HasMaxLength(AuditEvent.MaxAction);
            row.Property(e => e.Target).HasColumnName("target").HasMaxLength(AuditEvent.MaxTarget);
            row.Property(e => e.Outcome).HasColumnName("outcome").HasMaxLength(16);
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(AuditEvent.MaxReason);
            row.Property(e => e.TraceId).HasColumnName("trace_id").HasMaxLength(64);
            row.Property(e => e.CorrelationId).HasColumnName("correlation_id").HasMaxLength(128);
            row.Property(e => e.Source).HasColumnName("source").HasMaxLength(100);
            row.Property(e => e.Details).HasColumnName("details");
            row.Property(e => e.KeyId).HasColumnName("key_id");
            row.Property(e => e.Code).HasColumnName("code");
            row.HasIndex(e => e.Position).IsUnique().HasDatabaseName("ux_core_security_audit_position");
            row.HasIndex(e => new { e.Actor, e.Id }).HasDatabaseName("ix_core_security_audit_actor");
            row.HasIndex(e => new { e.Target, e.Id }).HasDatabaseName("ix_core_security_audit_target");
            row.HasIndex(e => new { e.Action, e.Id }).HasDatabaseName("ix_core_security_audit_action");
        });
        modelBuilder.Entity<AuditErasure>(row =>
        {
            row.ToTable("core_security_audit_erasure", schema);
            row.HasKey(e => e.EntryId).HasName("pk_core_security_audit_erasure");
            row.Property(e => e.EntryId).HasColumnName("entry_id").ValueGeneratedNever();
            row.Property(e => e.ErasedAt).HasColumnName("erased_at");
            row.Property(e => e.KeyId).HasColumnName("key_id");
            row.Property(e => e.Code).HasColumnName("code");
        });
        modelBuilder.Entity<AuditSeal>(row =>
        {
            row.ToTable("core_security_audit_seal", schema);
            row.HasKey(e => e.Sequence).HasName("pk_core_security_audit_seal");
            row.Property(e => e.Sequence).HasColumnName("sequence").ValueGeneratedNever();
            row.Property(e => e.Position).HasColumnName("position");
            row.Property(e => e.KeyId).HasColumnName("key_id");
            row.Property(e => e.Hash).HasColumnName("hash");
            row.HasIndex(e => e.Position).IsUnique().HasDatabaseName("ux_core_security_audit_seal_position");
        });
        modelBuilder.Entity<AuditHead>(row =>
        {
            row.ToTable("core_security_audit_head", schema);
            row.HasKey(e => e.Id).HasName("pk_core_security_audit_head");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(e => e.Sequence).HasColumnName("sequence");
            row.Property(e => e.Hash).HasColumnName("hash");
            row.Property(e => e.Settled).HasColumnName("settled");
        });
        return modelBuilder;
    }
}
