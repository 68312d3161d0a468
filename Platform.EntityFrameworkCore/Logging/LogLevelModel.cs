using Microsoft.EntityFrameworkCore;
using Platform.Logging;

namespace Platform.EntityFrameworkCore.Logging;

/// <summary>Adds the table of log levels to the model of any context.</summary>
public static class LogLevelModel
{
    /// <summary>Adds the table. Its name and columns do not depend on the context's naming convention.</summary>
    public static ModelBuilder ApplyLogLevels(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        modelBuilder.Entity<LogLevelRow>(row =>
        {
            row.ToTable("core_log_level", schema);
            row.HasKey(e => e.Category).HasName("pk_core_log_level");
            row.Property(e => e.Category).HasColumnName("category").HasMaxLength(LogLevels.MaxCategoryLength);
            row.Property(e => e.Level).HasColumnName("level");
            row.Property(e => e.Until).HasColumnName("until");
            row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(200);
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(1000);
            row.Property(e => e.At).HasColumnName("at");
        });
        return modelBuilder;
    }
}
