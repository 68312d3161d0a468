using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platform.EntityFrameworkCore.Identity.Users;

internal static class UserTable
{
    public const int MaxName = 100;
    public const int MaxText = 200;

    public static void Configure(EntityTypeBuilder<User> user, string schema)
    {
        user.ToTable("identity_user", schema);
        user.HasKey(u => u.Id);
        user.Property(u => u.Id).ValueGeneratedNever();
        user.Property(u => u.UserName).HasMaxLength(MaxName);
        user.Property(u => u.NormalizedUserName).HasMaxLength(MaxName);
        user.HasIndex(u => u.NormalizedUserName).IsUnique();
        user.Property(u => u.DisplayName).HasMaxLength(MaxText);
        user.Property(u => u.Email).HasMaxLength(MaxText);
        user.Property(u => u.SecurityStamp).HasMaxLength(64);
        user.Property(u => u.PasswordHash).HasMaxLength(256);
        user.Property(u => u.SealedOneTimeKey);
        user.Property(u => u.LastOneTimeStep);
        user.Property(u => u.RecoveryCodes);
        user.Property(u => u.ConcurrencyStamp).IsConcurrencyToken();
    }
}
