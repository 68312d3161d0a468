using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Products;
using Platform.EntityFrameworkCore.Audit;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.FeatureFlags;
using Platform.EntityFrameworkCore.Idempotency;
using Platform.EntityFrameworkCore.Identifiers;
using Platform.EntityFrameworkCore.Identity;
using Platform.EntityFrameworkCore.Logging;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.PersistedDocuments;
using Platform.EntityFrameworkCore.Redaction;
using Platform.EntityFrameworkCore.Resilience;
using Platform.EntityFrameworkCore.TokenBinding;

namespace Platform.Domain.Persistence;

/// <summary>The one context: the business in schema <c>commerce</c>, the building blocks in schema <c>platform</c>.</summary>
public sealed class PlatformDbContext(DbContextOptions<PlatformDbContext> options) : DbContext(options)
{
    /// <summary>The schema of the business.</summary>
    public const string CommerceSchema = "commerce";

    /// <summary>The schema of the building blocks.</summary>
    public const string PlatformSchema = "platform";

    /// <summary>Who orders.</summary>
    public DbSet<Customer> Customers => Set<Customer>();

    /// <summary>What can be ordered.</summary>
    public DbSet<Product> Products => Set<Product>();

    /// <summary>What was ordered; the lines come along.</summary>
    public DbSet<Order> Orders => Set<Order>();

    /// <summary>What was paid.</summary>
    public DbSet<Payment> Payments => Set<Payment>();

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<CustomerId>().HaveConversion<TypedIdConverter<CustomerId>>();
        configurationBuilder.Properties<ProductId>().HaveConversion<TypedIdConverter<ProductId>>();
        configurationBuilder.Properties<OrderId>().HaveConversion<TypedIdConverter<OrderId>>();
        configurationBuilder.Properties<PaymentId>().HaveConversion<TypedIdConverter<PaymentId>>();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.HasDefaultSchema(CommerceSchema);
        modelBuilder.ApplyIdentity(PlatformSchema);
        modelBuilder.ApplyMessaging(PlatformSchema);
        modelBuilder.ApplyChanges(PlatformSchema);
        modelBuilder.ApplyIdempotency(PlatformSchema);
        modelBuilder.ApplyPersistedDocuments(PlatformSchema);
        modelBuilder.ApplyBudgets(PlatformSchema);
        modelBuilder.ApplyBreakers(PlatformSchema);
        modelBuilder.ApplyLogLevels(PlatformSchema);
        modelBuilder.ApplyAudit(PlatformSchema);
        modelBuilder.ApplyTokenBinding();
        modelBuilder.ApplyFeatureFlags(PlatformSchema);
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PlatformDbContext).Assembly);
        modelBuilder.ApplySealedColumns(this);
    }
}
