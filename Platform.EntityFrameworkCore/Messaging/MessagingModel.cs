using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.EntityFrameworkCore.Messaging.Tables;
using Platform.Messaging;

namespace Platform.EntityFrameworkCore.Messaging;

/// <summary>Adds the tables of outbox, inbox and dead letters to the model of any context.</summary>
public static class MessagingModel
{
    /// <summary>How many lanes there are unless told otherwise.</summary>
    public const int DefaultLaneCount = 16;

    /// <summary>A wake-up names lanes in 64 bits.</summary>
    public const int MaxLaneCount = 64;

    internal const string LaneCountAnnotation = "Platform:Messaging:LaneCount";
    internal const string PositionSequence = "core_outbox_position";

    /// <summary>Adds the tables. Their names and columns do not depend on the context's naming convention.</summary>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="schema">Where the tables are.</param>
    /// <param name="laneCount">
    /// How many lanes events are spread over: the most that can be handled at the same time within one subscription. From 1 to 64. Fixed
    /// once there are events, because each was placed by it.
    /// </param>
    public static ModelBuilder ApplyMessaging(this ModelBuilder modelBuilder, string schema = "platform", int laneCount = DefaultLaneCount)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);
        ArgumentOutOfRangeException.ThrowIfLessThan(laneCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(laneCount, MaxLaneCount);

        modelBuilder.HasSequence<long>(PositionSequence, schema);

        modelBuilder.Entity<OutboxEvent>(row => Outbox(row, schema, laneCount));
        modelBuilder.Entity<InboxEvent>(row => Inbox(row, schema));
        modelBuilder.Entity<SubscriptionLane>(row => Lanes(row, schema));
        modelBuilder.Entity<DeferredEvent>(row => Deferred(row, schema));
        modelBuilder.Entity<DeadLetterEvent>(row => DeadLetters(row, schema));
        modelBuilder.Entity<DeadLetterAction>(row => DeadLetterActions(row, schema));
        modelBuilder.Entity<Lease>(row => Leases(row, schema));
        return modelBuilder;
    }

    private static void Outbox(EntityTypeBuilder<OutboxEvent> row, string schema, int laneCount)
    {
        row.ToTable("core_outbox_event", schema, table =>
        {
            // A writer that was configured with more lanes than anyone reads is refused instead of writing events that never arrive.
            table.HasCheckConstraint("ck_core_outbox_event_lane", $"lane >= 0 AND lane < {laneCount}");
        });

        // Rows only come and, long after, go: the defaults would wait for a fifth of the log to be dead before cleaning up.
        row.HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02);
        row.HasStorageParameter("autovacuum_vacuum_insert_scale_factor", 0.05);
        row.HasAnnotation(LaneCountAnnotation, laneCount);
        row.HasKey(e => e.Id).HasName("pk_core_outbox_event");
        row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        row.HasIndex(e => new { e.Lane, e.Position }).HasDatabaseName("ix_core_outbox_event_lane_position");

        // The transaction has its id before it draws a position; SettledPosition rests on that order, so the default spells it out.
        ByDatabase(row.Property(e => e.Position).HasColumnName("position").HasDefaultValueSql(
            $"CASE WHEN pg_current_xact_id() IS NOT NULL THEN nextval('\"{schema}\".{PositionSequence}'::regclass) END"));
        row.Property(e => e.AvailableAt).HasColumnName("available_at");
        ByDatabase(row.Property(e => e.Attempts).HasColumnName("attempts").HasDefaultValue(0));
        ByDatabase(row.Property(e => e.LastError).HasColumnName("last_error"));
        Event(row);
    }

    private static void Inbox(EntityTypeBuilder<InboxEvent> row, string schema)
    {
        row.ToTable("core_inbox_event", schema);
        row.HasStorageParameter("autovacuum_vacuum_scale_factor", 0.02);
        row.HasKey(e => new { e.Consumer, e.EventId }).HasName("pk_core_inbox_event");
        row.Property(e => e.Consumer).HasColumnName("consumer").HasMaxLength(100);
        row.Property(e => e.EventId).HasColumnName("event_id").ValueGeneratedNever();
        row.Property(e => e.HandledAt).HasColumnName("handled_at");
        row.HasIndex(e => e.HandledAt).HasMethod("brin").HasDatabaseName("ix_core_inbox_event_handled_at");
    }

    private static void Lanes(EntityTypeBuilder<SubscriptionLane> row, string schema)
    {
        // Updated with every batch: room on the page keeps these updates within it (heap-only tuples).
        row.ToTable("core_subscription_lane", schema);
        row.HasStorageParameter("fillfactor", 25);
        row.HasKey(e => new { e.Subscription, e.Lane }).HasName("pk_core_subscription_lane");
        row.Property(e => e.Subscription).HasColumnName("subscription").HasMaxLength(100);
        row.Property(e => e.Lane).HasColumnName("lane");
        row.Property(e => e.Position).HasColumnName("position");
        row.Property(e => e.ReadsLog).HasColumnName("reads_log");
        row.Property(e => e.Broker).HasColumnName("broker").HasMaxLength(40);
        row.Property(e => e.LeastEpoch).HasColumnName("least_epoch");
        row.Property(e => e.Epoch).HasColumnName("epoch");
        row.Property(e => e.Owner).HasColumnName("owner");
        row.Property(e => e.Released).HasColumnName("released");
        row.Property(e => e.Crashes).HasColumnName("crashes");
        row.Property(e => e.SuspectId).HasColumnName("suspect_id");
        row.Property(e => e.SuspectAttempts).HasColumnName("suspect_attempts");
        row.Property(e => e.UpdatedAt).HasColumnName("updated_at");
    }

    private static void Deferred(EntityTypeBuilder<DeferredEvent> row, string schema)
    {
        row.ToTable("core_inbox_deferred", schema);
        row.HasKey(e => new { e.Subscription, e.EventId }).HasName("pk_core_inbox_deferred");
        row.Property(e => e.Subscription).HasColumnName("subscription").HasMaxLength(100);
        row.Property(e => e.EventId).HasColumnName("event_id").ValueGeneratedNever();
        row.Property(e => e.Sequence).HasColumnName("sequence").UseIdentityByDefaultColumn();
        row.Property(e => e.Position).HasColumnName("position");
        row.Property(e => e.Blocking).HasColumnName("blocking");
        row.Property(e => e.Attempts).HasColumnName("attempts");
        row.Property(e => e.NextAttemptAt).HasColumnName("next_attempt_at");
        row.Property(e => e.LastError).HasColumnName("last_error");
        row.Property(e => e.DeferredAt).HasColumnName("deferred_at");
        row.HasIndex(e => new { e.Subscription, e.Lane, e.NextAttemptAt }).HasDatabaseName("ix_core_inbox_deferred_due");
        row.HasIndex(e => new { e.Subscription, e.AggregateType, e.AggregateId, e.Sequence }).HasDatabaseName("ix_core_inbox_deferred_aggregate");
        Event(row);
    }

    private static void DeadLetters(EntityTypeBuilder<DeadLetterEvent> row, string schema)
    {
        row.ToTable("core_dead_letter", schema);
        row.HasKey(e => new { e.Subscription, e.EventId }).HasName("pk_core_dead_letter");
        row.Property(e => e.Subscription).HasColumnName("subscription").HasMaxLength(100);
        row.Property(e => e.EventId).HasColumnName("event_id").ValueGeneratedNever();
        row.Property(e => e.Position).HasColumnName("position");
        row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(20);
        row.Property(e => e.Attempts).HasColumnName("attempts");
        row.Property(e => e.ErrorType).HasColumnName("error_type");
        row.Property(e => e.Error).HasColumnName("error");
        row.Property(e => e.Stack).HasColumnName("stack");
        row.Property(e => e.ParkedAt).HasColumnName("parked_at");
        row.HasIndex(e => new { e.ParkedAt, e.EventId }).HasDatabaseName("ix_core_dead_letter_parked_at");
        Event(row);
    }

    private static void DeadLetterActions(EntityTypeBuilder<DeadLetterAction> row, string schema)
    {
        row.ToTable("core_dead_letter_action", schema);
        row.HasKey(e => e.Id).HasName("pk_core_dead_letter_action");
        row.Property(e => e.Id).HasColumnName("id").ValueGeneratedNever();
        row.Property(e => e.Subscription).HasColumnName("subscription").HasMaxLength(100);
        row.Property(e => e.EventId).HasColumnName("event_id");
        row.Property(e => e.Action).HasColumnName("action").HasMaxLength(20);
        row.Property(e => e.Actor).HasColumnName("actor");
        row.Property(e => e.Reason).HasColumnName("reason");
        row.Property(e => e.BeforeHash).HasColumnName("before_hash").HasMaxLength(64);
        row.Property(e => e.AfterHash).HasColumnName("after_hash").HasMaxLength(64);
        row.Property(e => e.At).HasColumnName("at");
        row.HasIndex(e => new { e.Subscription, e.EventId, e.At }).HasDatabaseName("ix_core_dead_letter_action_event");
    }

    private static void Leases(EntityTypeBuilder<Lease> row, string schema)
    {
        row.ToTable("core_lease", schema);
        row.HasKey(e => e.Name).HasName("pk_core_lease");
        row.Property(e => e.Name).HasColumnName("name").HasMaxLength(100);
        row.Property(e => e.Owner).HasColumnName("owner");
        row.Property(e => e.Token).HasColumnName("token");
        row.Property(e => e.ExpiresAt).HasColumnName("expires_at");
        row.Property(e => e.DueAt).HasColumnName("due_at");
        row.Property(e => e.Schedule).HasColumnName("schedule");
        row.Property(e => e.StartedAt).HasColumnName("started_at");
        row.Property(e => e.CompletedAt).HasColumnName("completed_at");
        row.Property(e => e.LastError).HasColumnName("last_error");
    }

    private static void Event<TRow>(EntityTypeBuilder<TRow> row)
        where TRow : StoredEvent
    {
        row.Property(e => e.Lane).HasColumnName("lane");
        row.Property(e => e.EventType).HasColumnName("event_type").HasMaxLength(EventsBuilder.MaxNameLength);
        row.Property(e => e.AggregateType).HasColumnName("aggregate_type").HasMaxLength(100);
        row.Property(e => e.AggregateId).HasColumnName("aggregate_id").HasMaxLength(200);
        row.Property(e => e.Payload).HasColumnName("payload").HasColumnType("jsonb");
        row.Property(e => e.CorrelationId).HasColumnName("correlation_id");
        row.Property(e => e.TraceParent).HasColumnName("traceparent");
        row.Property(e => e.TraceState).HasColumnName("tracestate");
        row.Property(e => e.Baggage).HasColumnName("baggage");
        row.Property(e => e.Actor).HasColumnName("actor");
        row.Property(e => e.OccurredAt).HasColumnName("occurred_at");
    }

    // EF neither writes the column nor asks for it back, so an event costs one INSERT in the caller's batch and no RETURNING.
    private static void ByDatabase(PropertyBuilder property)
    {
        property.ValueGeneratedNever();
        property.Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
        property.Metadata.SetAfterSaveBehavior(PropertySaveBehavior.Ignore);
    }
}
