using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using OpenIddict.EntityFrameworkCore.Models;
using Platform.EntityFrameworkCore.Identity.Users;

namespace Platform.EntityFrameworkCore.Identity;

/// <summary>Puts the identity tables into a context's model.</summary>
public static class IdentityModelExtensions
{
    /// <summary>
    /// Adds the tables <c>identity_application</c>, <c>identity_authorization</c>, <c>identity_scope</c>, <c>identity_token</c> (OpenIddict's),
    /// <c>identity_key</c>, <c>identity_cookie_key</c> and <c>identity_user</c>.
    /// </summary>
    /// <param name="modelBuilder">The model of the context.</param>
    /// <param name="schema">The schema that they are in.</param>
    public static ModelBuilder ApplyIdentity(this ModelBuilder modelBuilder, string schema)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        ArgumentException.ThrowIfNullOrEmpty(schema);

        modelBuilder.UseOpenIddict<Guid>();
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreApplication<Guid>>().ToTable("identity_application", schema);
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreAuthorization<Guid>>().ToTable("identity_authorization", schema);
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreScope<Guid>>().ToTable("identity_scope", schema);
        modelBuilder.Entity<OpenIddictEntityFrameworkCoreToken<Guid>>().ToTable("identity_token", schema);
        modelBuilder.Entity<IdentityKeyRow>(key =>
        {
            key.ToTable("identity_key", schema);
            key.HasKey(k => k.Id);
            key.Property(k => k.Id).ValueGeneratedNever();
            key.Property(k => k.Kind).HasConversion<string>().HasMaxLength(16);
        });

        modelBuilder.Entity<CookieKeyRow>(key =>
        {
            key.ToTable("identity_cookie_key", schema);
            key.HasKey(k => k.Id);
            key.Property(k => k.Id).ValueGeneratedNever();
        });
        modelBuilder.Entity<User>(user => UserTable.Configure(user, schema));

        foreach (var entity in modelBuilder.Model.GetEntityTypes().Where(IsIdentity))
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase(property.Name));
            }
        }

        return modelBuilder;
    }

    private static bool IsIdentity(IReadOnlyEntityType entity) =>
        entity.ClrType == typeof(IdentityKeyRow) || entity.ClrType == typeof(CookieKeyRow) || entity.ClrType == typeof(User) || entity.ClrType.Namespace == typeof(OpenIddictEntityFrameworkCoreToken).Namespace;

    // Set by hand, so that the names do not depend on the conventions of the context that takes the tables in.
    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
