using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.EntityFrameworkCore.FeatureFlags.Tables;
using Platform.FeatureFlags;

namespace Platform.EntityFrameworkCore.FeatureFlags;

/// <summary>Adds the tables of feature flags to the model of any context.</summary>
public static class FlagModel
{
    /// <summary>
    /// Adds the tables. Their names and columns do not depend on the context's naming convention. The migration that adds them also runs
    /// <see cref="FlagSchema.Up"/>.
    /// </summary>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="schema">Where the tables are.</param>
    public static ModelBuilder ApplyFeatureFlags(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        modelBuilder.Entity<FlagRow>(row => Flags(row, schema));
        modelBuilder.Entity<FlagStateRow>(row => State(row, schema));
        modelBuilder.Entity<FlagAuditRow>(row => Audit(row, schema));
        modelBuilder.Entity<FlagMetadataRow>(row => Metadata(row, schema));
        modelBuilder.Entity<FlagOutcomeRow>(row => Outcomes(row, schema));
        modelBuilder.Entity<FlagCallerRow>(row => Callers(row, schema));
        return modelBuilder;
    }

    private static void Flags(EntityTypeBuilder<FlagRow> row, string schema)
    {
        row.ToTable("core_feature_flag", schema);
        row.HasKey(e => new { e.Kind, e.Origin, e.Name }).HasName("pk_core_feature_flag");
        row.HasIndex(e => e.Version).HasDatabaseName("ix_core_feature_flag_version");
        row.Property(e => e.Kind).HasColumnName("kind").HasMaxLength(16);
        row.Property(e => e.Origin).HasColumnName("origin").HasMaxLength(16);
        row.Property(e => e.Name).HasColumnName("name").HasMaxLength(FlagLimits.NameLength);
        row.Property(e => e.Version).HasColumnName("version");
        row.Property(e => e.Position).HasColumnName("position");
        row.Property(e => e.Document).HasColumnName("document").HasColumnType("json");
        row.Property(e => e.ChangedAt).HasColumnName("changed_at");
    }

    private static void State(EntityTypeBuilder<FlagStateRow> row, string schema)
    {
        row.ToTable("core_feature_flag_state", schema, table => table.HasCheckConstraint("ck_core_feature_flag_state_one", "id = 1"));
        row.HasKey(e => e.Id).HasName("pk_core_feature_flag_state");
        row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        row.Property(e => e.Version).HasColumnName("version");
        row.Property(e => e.NextPosition).HasColumnName("next_position");
        row.Property(e => e.VisitorKey).HasColumnName("visitor_key");
        row.Property(e => e.ChangedAt).HasColumnName("changed_at");
    }

    private static void Audit(EntityTypeBuilder<FlagAuditRow> row, string schema)
    {
        row.ToTable("core_feature_flag_audit", schema);
        row.HasKey(e => e.Id).HasName("pk_core_feature_flag_audit");
        row.HasIndex(e => new { e.Version, e.Id }).HasDatabaseName("ix_core_feature_flag_audit_version");
        row.HasIndex(e => e.ChangeId).HasDatabaseName("ix_core_feature_flag_audit_change");
        row.HasIndex(e => new { e.Name, e.Version }).HasDatabaseName("ix_core_feature_flag_audit_name");
        row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        row.Property(e => e.ChangeId).HasColumnName("change_id");
        row.Property(e => e.Version).HasColumnName("version");
        row.Property(e => e.Kind).HasColumnName("kind").HasMaxLength(16);
        row.Property(e => e.Origin).HasColumnName("origin").HasMaxLength(16);
        row.Property(e => e.Name).HasColumnName("name").HasMaxLength(FlagLimits.NameLength);
        row.Property(e => e.Action).HasColumnName("action").HasMaxLength(16);
        row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(FlagAuthorRules.NameLength);
        row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(FlagAuthorRules.ReasonLength);
        row.Property(e => e.At).HasColumnName("at");
        row.Property(e => e.Before).HasColumnName("before").HasColumnType("json");
        row.Property(e => e.After).HasColumnName("after").HasColumnType("json");
        row.Property(e => e.Position).HasColumnName("position");
        row.Property(e => e.Undoes).HasColumnName("undoes");
    }

    private static void Metadata(EntityTypeBuilder<FlagMetadataRow> row, string schema)
    {
        row.ToTable("core_feature_flag_metadata", schema);
        row.HasKey(e => e.Name).HasName("pk_core_feature_flag_metadata");
        row.HasIndex(e => e.NextCheckAt).HasDatabaseName("ix_core_feature_flag_metadata_next_check").HasFilter("next_check_at IS NOT NULL");
        row.Property(e => e.Name).HasColumnName("name").HasMaxLength(FlagLimits.NameLength).ValueGeneratedNever();
        row.Property(e => e.Owner).HasColumnName("owner").HasMaxLength(200).HasDefaultValue("");
        row.Property(e => e.Description).HasColumnName("description").HasMaxLength(FlagLimits.NoteLength).HasDefaultValue("");
        row.Property(e => e.Ticket).HasColumnName("ticket").HasMaxLength(200).HasDefaultValue("");
        row.Property(e => e.RolloutPlan).HasColumnName("rollout_plan").HasColumnType("json");
        row.Property(e => e.RolloutStatus).HasColumnName("rollout_status").HasMaxLength(16).HasDefaultValue("idle");
        row.Property(e => e.RolloutStage).HasColumnName("rollout_stage");
        row.Property(e => e.StageStartedAt).HasColumnName("stage_started_at");
        row.Property(e => e.NextCheckAt).HasColumnName("next_check_at");
        row.Property(e => e.RolloutState).HasColumnName("rollout_state").HasColumnType("json");
        row.Property(e => e.Deployment).HasColumnName("deployment").HasColumnType("json");
        row.Property(e => e.Impact).HasColumnName("impact").HasColumnType("json");
        row.Property(e => e.ExpiresAt).HasColumnName("expires_at");
        row.Property(e => e.LastEvaluatedAt).HasColumnName("last_evaluated_at");
        row.Property(e => e.Evaluations).HasColumnName("evaluations").HasDefaultValue(0L);
        row.Property(e => e.FullyOnSince).HasColumnName("fully_on_since");
        row.Property(e => e.Version).HasColumnName("version").HasDefaultValue(1L).IsConcurrencyToken();
        row.Property(e => e.CreatedAt).HasColumnName("created_at").HasDefaultValueSql("now()");
        row.Property(e => e.ChangedAt).HasColumnName("changed_at").HasDefaultValueSql("now()");
    }

    private static void Callers(EntityTypeBuilder<FlagCallerRow> row, string schema)
    {
        row.ToTable("core_feature_flag_caller", schema);
        row.HasKey(e => new { e.Flag, e.Since, e.Caller }).HasName("pk_core_feature_flag_caller");
        row.Property(e => e.Flag).HasColumnName("flag").HasMaxLength(FlagLimits.NameLength);
        row.Property(e => e.Since).HasColumnName("since");
        row.Property(e => e.Caller).HasColumnName("caller");
        row.Property(e => e.Arm).HasColumnName("arm").HasMaxLength(FlagLimits.NameLength + 3);
    }

    private static void Outcomes(EntityTypeBuilder<FlagOutcomeRow> row, string schema)
    {
        row.ToTable("core_feature_flag_outcome", schema);
        row.HasKey(e => e.Id).HasName("pk_core_feature_flag_outcome");
        row.HasIndex(e => new { e.Flag, e.At }).HasDatabaseName("ix_core_feature_flag_outcome_flag");
        row.HasIndex(e => e.At).HasDatabaseName("ix_core_feature_flag_outcome_at");
        row.Property(e => e.Id).HasColumnName("id").UseIdentityAlwaysColumn();
        row.Property(e => e.Flag).HasColumnName("flag").HasMaxLength(FlagLimits.NameLength);
        row.Property(e => e.Endpoint).HasColumnName("endpoint").HasMaxLength(300);
        row.Property(e => e.Arm).HasColumnName("arm").HasMaxLength(FlagLimits.NameLength + 3);
        row.Property(e => e.At).HasColumnName("at");
        row.Property(e => e.Total).HasColumnName("total");
        row.Property(e => e.Errors).HasColumnName("errors");
        row.Property(e => e.Durations).HasColumnName("durations");
    }
}
