using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.Benchmarks.Sync;

/// <summary>A context with the log of changes.</summary>
internal sealed class SyncContext(DbContextOptions<SyncContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.ApplyMessaging().ApplyChanges();
}
