using Microsoft.EntityFrameworkCore;
using Platform.Budgets;

namespace Platform.EntityFrameworkCore.Budgets;

/// <summary>Adds the tables of budgets to the model of any context.</summary>
public static class BudgetModel
{
    /// <summary>Adds the tables. Their names and columns do not depend on the context's naming convention.</summary>
    public static ModelBuilder ApplyBudgets(this ModelBuilder modelBuilder, string schema = "platform")
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        modelBuilder.Entity<BudgetSliceRow>(row =>
        {
            row.ToTable("core_budget_slice", schema);
            row.HasStorageParameter("fillfactor", 70);
            row.HasKey(e => new { e.Start, e.Route, e.Minutes, e.Replica }).HasName("pk_core_budget_slice");
            row.Property(e => e.Route).HasColumnName("route").HasMaxLength(BudgetRules.MaxRouteLength);
            row.Property(e => e.Start).HasColumnName("start");
            row.Property(e => e.Minutes).HasColumnName("minutes");
            row.Property(e => e.Replica).HasColumnName("replica");
            row.Property(e => e.Requests).HasColumnName("requests");
            row.Property(e => e.Failed).HasColumnName("failed");
            row.Property(e => e.Slow).HasColumnName("slow");
            row.Property(e => e.Sketch).HasColumnName("sketch");
        });
        modelBuilder.Entity<BudgetLimitRow>(row =>
        {
            row.ToTable("core_budget_limit", schema);
            row.HasKey(e => e.Route).HasName("pk_core_budget_limit");
            row.Property(e => e.Route).HasColumnName("route").HasMaxLength(BudgetRules.MaxRouteLength);
            row.Property(e => e.P50Ms).HasColumnName("p50_ms");
            row.Property(e => e.P95Ms).HasColumnName("p95_ms");
            row.Property(e => e.P99Ms).HasColumnName("p99_ms");
            row.Property(e => e.Objective).HasColumnName("objective");
        });
        modelBuilder.Entity<BudgetChangeRow>(row =>
        {
            row.ToTable("core_budget_change", schema);
            row.HasKey(e => e.Id).HasName("pk_core_budget_change");
            row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
            row.Property(e => e.Route).HasColumnName("route").HasMaxLength(BudgetRules.MaxRouteLength);
            row.Property(e => e.Before).HasColumnName("before").HasColumnType("jsonb");
            row.Property(e => e.After).HasColumnName("after").HasColumnType("jsonb");
            row.Property(e => e.Actor).HasColumnName("actor").HasMaxLength(200);
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(1000);
            row.Property(e => e.At).HasColumnName("at");
            row.HasIndex(e => e.At).HasDatabaseName("ix_core_budget_change_at");
        });
        modelBuilder.Entity<BudgetViolationRow>(row =>
        {
            row.ToTable("core_budget_violation", schema);
            row.HasKey(e => new { e.WindowStart, e.Route, e.Percentile }).HasName("pk_core_budget_violation");
            row.Property(e => e.Route).HasColumnName("route").HasMaxLength(BudgetRules.MaxRouteLength);
            row.Property(e => e.Percentile).HasColumnName("percentile").HasMaxLength(10);
            row.Property(e => e.WindowStart).HasColumnName("window_start");
            row.Property(e => e.MeasuredMs).HasColumnName("measured_ms");
            row.Property(e => e.LimitMs).HasColumnName("limit_ms");
            row.Property(e => e.Requests).HasColumnName("requests");
            row.Property(e => e.TraceId).HasColumnName("trace_id").HasMaxLength(32);
            row.Property(e => e.At).HasColumnName("at");
        });
        return modelBuilder;
    }
}
