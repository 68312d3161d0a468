using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Encrypts declared columns of a context, where a key is configured.</summary>
public static class SealedColumns
{
    internal const string HashAnnotation = "Platform:Sealed:Hash";

    /// <summary>
    /// Says that the column is encrypted at rest where <see cref="ColumnSealOptions.Key"/> is configured. Its keyed hash stands in a nullable shadow column with a unique
    /// index, by which a value is found and held unique without regard to case. The model is the same with and without a key.
    /// </summary>
    /// <param name="property">A text; its maximum length is that of the clear text.</param>
    /// <param name="hashProperty">The name of the shadow property.</param>
    public static PropertyBuilder<string> IsSealed(this PropertyBuilder<string> property, string hashProperty)
    {
        ArgumentNullException.ThrowIfNull(property);
        var length = property.Metadata.GetMaxLength() ?? throw new ArgumentException("A sealed column has a maximum length.", nameof(property));
        property.HasMaxLength(ColumnSeal.LengthOf(length));
        property.Metadata.SetAnnotation(HashAnnotation, hashProperty);
        return property;
    }

    /// <summary>Puts the seal of the context's options into the model, behind all configurations.</summary>
    public static ModelBuilder ApplySealedColumns(this ModelBuilder modelBuilder, DbContext context)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        if (SealOf(context) is { } seal)
        {
            foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.FindAnnotation(HashAnnotation) is not null))
            {
                var column = $"{property.DeclaringType.ShortName()}.{property.Name}";
                property.SetValueConverter(new ValueConverter<string, string>(value => seal.Seal(value, column), stored => seal.Open(stored, column)));
            }
        }

        return modelBuilder;
    }

    /// <summary>The seal of a context; null where no key is configured.</summary>
    public static ColumnSeal? SealOf(DbContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<ColumnSealExtension>()?.Seal;

    /// <summary>Has the context seal its declared columns.</summary>
    public static DbContextOptionsBuilder UseColumnSeal(this DbContextOptionsBuilder options, ColumnSeal seal)
    {
        ArgumentNullException.ThrowIfNull(options);
        ((IDbContextOptionsBuilderInfrastructure)options).AddOrUpdateExtension(new ColumnSealExtension(seal));
        return options.AddInterceptors(SealedHashes.Instance);
    }

    /// <summary>Has the context seal its declared columns where a key is configured (<see cref="ColumnSealOptions"/>).</summary>
    /// <typeparam name="TContext">The context; its model calls <see cref="ApplySealedColumns"/>.</typeparam>
    public static IServiceCollection AddColumnSeal<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<ColumnSealOptions>().BindConfiguration(ColumnSealOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new ConfiguredSeal(provider.GetRequiredService<IOptions<ColumnSealOptions>>().Value));
        services.AddScoped<IColumnSealing, ColumnSealing<TContext>>();
        services.ConfigureDbContext<TContext>((provider, options) =>
        {
            if (provider.GetRequiredService<ConfiguredSeal>().Seal is { } seal)
            {
                options.UseColumnSeal(seal);
            }
        });
        return services;
    }

    private sealed class ConfiguredSeal(ColumnSealOptions options)
    {
        public ColumnSeal? Seal { get; } = string.IsNullOrEmpty(options.Key)
            ? null
            : new ColumnSeal(Convert.FromBase64String(options.Key), options.PreviousKeys.Select(Convert.FromBase64String));
    }

    // Contexts with other keys have other models.
    private sealed class ColumnSealExtension(ColumnSeal seal) : IDbContextOptionsExtension
    {
        private ExtensionInfo? _info;

        public ColumnSeal Seal => seal;

        public DbContextOptionsExtensionInfo Info => _info ??= new ExtensionInfo(this);

        public void ApplyServices(IServiceCollection services)
        {
            // None of its own.
        }

        public void Validate(IDbContextOptions options)
        {
            // The options of the key are validated where they are read.
        }

        private sealed class ExtensionInfo(ColumnSealExtension extension) : DbContextOptionsExtensionInfo(extension)
        {
            public override bool IsDatabaseProvider => false;

            public override string LogFragment => "sealed columns ";

            private string Id => ((ColumnSealExtension)Extension).Seal.Id;

            public override int GetServiceProviderHashCode() => StringComparer.Ordinal.GetHashCode(Id);

            public override bool ShouldUseSameServiceProvider(DbContextOptionsExtensionInfo other) => other is ExtensionInfo info && info.Id == Id;

            public override void PopulateDebugInfo(IDictionary<string, string> debugInfo) =>
                debugInfo["Platform:SealedColumns"] = Id.GetHashCode(StringComparison.Ordinal).ToString(CultureInfo.InvariantCulture);
        }
    }
}
