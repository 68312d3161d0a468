using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Secrets.Tables;
using Platform.Secrets;

namespace Platform.EntityFrameworkCore.Secrets;

/// <summary>Adds the tables of secrets to the model of any context.</summary>
public static class SecretModel
{
    private const int MaxReference = 300;

    /// <summary>Adds the tables. Their names and columns do not depend on the context's naming convention.</summary>
    public static ModelBuilder ApplySecrets(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        modelBuilder.Entity<SecretRow>(row =>
        {
            row.ToTable("core_secret", schema);
            row.HasKey(e => e.Name).HasName("pk_core_secret");
            row.Property(e => e.Name).HasColumnName("name").HasMaxLength(SecretDefinition.MaxName);
            row.Property(e => e.Generation).HasColumnName("generation");
            row.Property(e => e.CreatedAt).HasColumnName("created_at");
            row.Property(e => e.RotatedAt).HasColumnName("rotated_at");
            row.Property(e => e.NotifiedFor).HasColumnName("notified_for");
            row.Property(e => e.Orphans).HasColumnName("orphans");
            row.Property(e => e.LeaseOwner).HasColumnName("lease_owner").HasMaxLength(200);
            row.Property(e => e.LeaseToken).HasColumnName("lease_token");
            row.Property(e => e.LeaseExpiresAt).HasColumnName("lease_expires_at");
        });
        modelBuilder.Entity<SecretVersionRow>(row =>
        {
            row.ToTable("core_secret_version", schema);
            row.HasKey(e => e.Id).HasName("pk_core_secret_version");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(e => e.Name).HasColumnName("name").HasMaxLength(SecretDefinition.MaxName);
            row.Property(e => e.Stage).HasColumnName("stage");
            row.Property(e => e.KeyId).HasColumnName("key_id").HasMaxLength(100);
            row.Property(e => e.WrappedKey).HasColumnName("wrapped_key");
            row.Property(e => e.Box).HasColumnName("box");
            row.Property(e => e.Reference).HasColumnName("reference").HasMaxLength(MaxReference);
            row.Property(e => e.CreatedAt).HasColumnName("created_at");
            row.Property(e => e.PromotedAt).HasColumnName("promoted_at");
            row.Property(e => e.RetiredAt).HasColumnName("retired_at");
            row.HasOne<SecretRow>().WithMany().HasForeignKey(e => e.Name).HasConstraintName("fk_core_secret_version_secret");

            // One pending, one current and one previous version at most, whoever races.
            row.HasIndex(e => new { e.Name, e.Stage }).IsUnique().HasFilter("stage < 3").HasDatabaseName("ux_core_secret_version_stage");
        });
        modelBuilder.Entity<SecretRotationRow>(row =>
        {
            row.ToTable("core_secret_rotation", schema);
            row.HasKey(e => e.Id).HasName("pk_core_secret_rotation");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(e => e.Name).HasColumnName("name").HasMaxLength(SecretDefinition.MaxName);
            row.Property(e => e.Version).HasColumnName("version");
            row.Property(e => e.State).HasColumnName("state");
            row.Property(e => e.Step).HasColumnName("step");
            row.Property(e => e.Trigger).HasColumnName("trigger");
            row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(200);
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(500);
            row.Property(e => e.Attempts).HasColumnName("attempts");
            row.Property(e => e.Error).HasColumnName("error").HasMaxLength(500);
            row.Property(e => e.StartedAt).HasColumnName("started_at");
            row.Property(e => e.StepAt).HasColumnName("step_at");
            row.Property(e => e.NextTryAt).HasColumnName("next_try_at");
            row.Property(e => e.FinishedAt).HasColumnName("finished_at");
            row.Property(e => e.RetireAt).HasColumnName("retire_at");
            row.HasOne<SecretRow>().WithMany().HasForeignKey(e => e.Name).HasConstraintName("fk_core_secret_rotation_secret");

            // One under way or overlapping, and one that is asked for: an emergency does not wait for the overlap of the rotation before.
            row.HasIndex(e => e.Name, "Unfinished").IsUnique().HasFilter("state IN (1, 2, 3)").HasDatabaseName("ux_core_secret_rotation_unfinished");
            row.HasIndex(e => e.Name, "Requested").IsUnique().HasFilter("state = 0").HasDatabaseName("ux_core_secret_rotation_requested");
            row.HasIndex(e => new { e.Name, e.Id }).HasDatabaseName("ix_core_secret_rotation_name");
        });
        modelBuilder.Entity<SecretReaderRow>(row =>
        {
            row.ToTable("core_secret_reader", schema);
            row.HasStorageParameter("fillfactor", 50);
            row.HasKey(e => e.Replica).HasName("pk_core_secret_reader");
            row.Property(e => e.Replica).HasColumnName("replica").ValueGeneratedNever();
            row.Property(e => e.Service).HasColumnName("service").HasMaxLength(200);
            row.Property(e => e.Generations).HasColumnName("generations").HasColumnType("jsonb");
            row.Property(e => e.SeenAt).HasColumnName("seen_at");
        });
        return modelBuilder;
    }
}
