using Microsoft.EntityFrameworkCore;

namespace Platform.EntityFrameworkCore.PersistedDocuments;

/// <summary>Puts the tables of persisted documents into a context's model.</summary>
public static class PersistedDocumentModelExtensions
{
    internal const int MaxIdLength = 200;
    internal const int MaxNameLength = 200;

    /// <summary>Adds the tables <c>core_persisted_document</c> and <c>core_unknown_operation</c>.</summary>
    /// <param name="modelBuilder">The model of the context.</param>
    /// <param name="schema">The schema that they are in.</param>
    public static ModelBuilder ApplyPersistedDocuments(this ModelBuilder modelBuilder, string schema)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<PersistedDocumentRow>(document =>
        {
            document.ToTable("core_persisted_document", schema);
            document.HasKey(d => d.Id);
            document.Property(d => d.Id).HasColumnName("id").HasMaxLength(MaxIdLength);
            document.Property(d => d.Body).HasColumnName("body");
            document.Property(d => d.OperationName).HasColumnName("operation_name").HasMaxLength(MaxNameLength);
            document.Property(d => d.Trusted).HasColumnName("trusted");
            document.Property(d => d.Clients).HasColumnName("clients");
            document.Property(d => d.CreatedAt).HasColumnName("created_at");
            document.Property(d => d.LastUsedAt).HasColumnName("last_used_at");
            document.Property(d => d.Uses).HasColumnName("uses");

            // What pruning and the limit on documents of requests look at; those of manifests stay out of it.
            document.HasIndex(d => d.CreatedAt).HasDatabaseName("ix_core_persisted_document_automatic").HasFilter("NOT trusted");
        });
        modelBuilder.Entity<UnknownOperationRow>(operation =>
        {
            operation.ToTable("core_unknown_operation", schema);
            operation.HasKey(o => o.Id);
            operation.Property(o => o.Id).HasColumnName("id").HasMaxLength(MaxIdLength);
            operation.Property(o => o.Body).HasColumnName("body");
            operation.Property(o => o.OperationName).HasColumnName("operation_name").HasMaxLength(MaxNameLength);
            operation.Property(o => o.Client).HasColumnName("client").HasMaxLength(MaxNameLength);
            operation.Property(o => o.FirstSeenAt).HasColumnName("first_seen_at");
            operation.Property(o => o.LastSeenAt).HasColumnName("last_seen_at");
            operation.Property(o => o.Count).HasColumnName("count");
        });
        return modelBuilder;
    }
}
