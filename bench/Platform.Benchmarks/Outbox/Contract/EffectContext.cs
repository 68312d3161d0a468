using Microsoft.EntityFrameworkCore;

namespace Platform.Benchmarks.Outbox.Contract;

/// <summary>What a handler writes: one row of its own business, and for the peers that have no inbox the mark that it did.</summary>
public class EffectContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>The tables, made by the suite and not by EF, so that all peers have the same.</summary>
    public const string Tables = """
        CREATE TABLE parcel_effect (
            event_id uuid NOT NULL, parcel integer NOT NULL, step integer NOT NULL, place text NOT NULL, weight numeric NOT NULL, at timestamptz NOT NULL,
            number integer NOT NULL);
        CREATE TABLE parcel_inbox (consumer text NOT NULL, event_id uuid NOT NULL, handled_at timestamptz NOT NULL, PRIMARY KEY (consumer, event_id));
        """;

    /// <summary>The consumer's name in the inbox.</summary>
    public const string Consumer = "parcels";

    /// <summary>What handlers did.</summary>
    public DbSet<ParcelEffect> Effects => Set<ParcelEffect>();

    /// <summary>What was handled.</summary>
    public DbSet<ParcelInbox> Inbox => Set<ParcelInbox>();

    /// <summary>What the application changed.</summary>
    public DbSet<ParcelMove> Moves => Set<ParcelMove>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);

        // EF wants a key; the table has none, so that a doubled effect shows as one row too many instead of an error.
        modelBuilder.Entity<ParcelEffect>(row =>
        {
            row.ToTable("parcel_effect", table => table.ExcludeFromMigrations());
            row.HasKey(effect => effect.EventId);
            row.Property(effect => effect.EventId).HasColumnName("event_id").ValueGeneratedNever();
            row.Property(effect => effect.Parcel).HasColumnName("parcel");
            row.Property(effect => effect.Step).HasColumnName("step");
            row.Property(effect => effect.Place).HasColumnName("place");
            row.Property(effect => effect.Weight).HasColumnName("weight");
            row.Property(effect => effect.At).HasColumnName("at");
            row.Property(effect => effect.Number).HasColumnName("number");
        });
        modelBuilder.Entity<ParcelInbox>(row =>
        {
            row.ToTable("parcel_inbox", table => table.ExcludeFromMigrations());
            row.HasKey(mark => new { mark.Consumer, mark.EventId });
            row.Property(mark => mark.Consumer).HasColumnName("consumer");
            row.Property(mark => mark.EventId).HasColumnName("event_id");
            row.Property(mark => mark.HandledAt).HasColumnName("handled_at");
        });
        modelBuilder.Entity<ParcelMove>(row =>
        {
            row.ToTable("parcel_move", table => table.ExcludeFromMigrations());
            row.HasKey(move => move.EventId);
            row.Property(move => move.EventId).HasColumnName("event_id").ValueGeneratedNever();
            row.Property(move => move.Parcel).HasColumnName("parcel");
            row.Property(move => move.Step).HasColumnName("step");
            row.Property(move => move.Place).HasColumnName("place");
            row.Property(move => move.At).HasColumnName("at");
        });
    }
}
