using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Platform.EntityFrameworkCore.Messaging;

namespace Platform.Messaging.Tests.Support;

/// <summary>Something happened to an aggregate for the n-th time.</summary>
public sealed record Ticked(string Aggregate, int Number);

/// <summary>Another type of event.</summary>
public sealed record Tocked(string Aggregate, int Number);

[JsonSerializable(typeof(Ticked))]
[JsonSerializable(typeof(Tocked))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
public sealed partial class ShopJson : JsonSerializerContext;

/// <summary>What a handler did, in the order in which it was done.</summary>
public sealed class Effect
{
    public long Id { get; init; }

    public required string Consumer { get; init; }

    public required string Aggregate { get; init; }

    public int Number { get; init; }

    public Guid EventId { get; init; }
}

/// <summary>What a producer changes along with its event.</summary>
public sealed class Change
{
    public Guid Id { get; init; }

    public required string Text { get; set; }
}

public class ShopContext(DbContextOptions options) : DbContext(options)
{
    public DbSet<Effect> Effects => Set<Effect>();

    public DbSet<Change> Changes => Set<Change>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyMessaging();
        modelBuilder.Entity<Effect>().ToTable("effects");
        modelBuilder.Entity<Change>().ToTable("changes").Property(change => change.Id).ValueGeneratedNever();
    }
}
