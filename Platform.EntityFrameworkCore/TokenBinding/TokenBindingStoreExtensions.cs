using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.EntityFrameworkCore.Connections;
using Platform.TokenBinding;

namespace Platform.EntityFrameworkCore.TokenBinding;

/// <summary>Keeps revocations of tokens in the database.</summary>
public static class TokenBindingStoreExtensions
{
    /// <summary>Adds the tables <c>core_token_revocation</c> and <c>core_token_fingerprint</c>, in schema <c>platform</c>, beside the identity tables.</summary>
    public static ModelBuilder ApplyTokenBinding(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<RevocationRow>(row =>
        {
            row.ToTable("core_token_revocation", "platform");
            row.HasKey(e => e.Family).HasName("pk_core_token_revocation");
            row.Property(e => e.Family).HasColumnName("family").HasMaxLength(200);
            row.Property(e => e.RevokedAt).HasColumnName("revoked_at");
            row.Property(e => e.ExpiresAt).HasColumnName("expires_at");
            row.Property(e => e.Reason).HasColumnName("reason").HasMaxLength(200);
            row.HasIndex(e => e.ExpiresAt).HasDatabaseName("ix_core_token_revocation_expires_at");
        });
        modelBuilder.Entity<FingerprintRow>(row =>
        {
            row.ToTable("core_token_fingerprint", "platform");
            row.HasKey(e => e.Token).HasName("pk_core_token_fingerprint");
            row.Property(e => e.Token).HasColumnName("token").HasMaxLength(43);
            row.Property(e => e.Seal).HasColumnName("seal").HasMaxLength(128);
            row.Property(e => e.ExpiresAt).HasColumnName("expires_at");
            row.HasIndex(e => e.ExpiresAt).HasDatabaseName("ix_core_token_fingerprint_expires_at");
        });
        return modelBuilder;
    }

    /// <summary>Adds <see cref="IRevocationStore"/> and <see cref="IFingerprintStore"/> on a context whose model has <see cref="ApplyTokenBinding"/>.</summary>
    /// <typeparam name="TContext">The context, registered by the host.</typeparam>
    public static IServiceCollection AddTokenBindingStore<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IRevocationStore>(provider => new RevocationStore(
            new StoreConnections(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(RevocationRow))));
        services.TryAddSingleton<IFingerprintStore>(provider => new FingerprintStore(
            new StoreConnections(provider.GetRequiredService<IServiceScopeFactory>(), typeof(TContext), typeof(FingerprintRow))));
        return services;
    }
}
