using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.Benchmarks.Budgets;

/// <summary>A context with the tables of budgets.</summary>
internal sealed class BudgetContext(DbContextOptions<BudgetContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyMessaging().ApplyBudgets();
}
