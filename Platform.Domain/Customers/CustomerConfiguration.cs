using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.Redaction;

namespace Platform.Domain.Customers;

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    // Uniqueness without regard to case, held by the database.
    public const string EmailKey = "EmailKey";

    // The same where the address is sealed.
    public const string EmailHash = "EmailHash";
    public const string EmailColumn = "Customer.Email";

    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customers");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(Customer.NameMaxLength);
        builder.Property(c => c.Email).HasMaxLength(Customer.EmailMaxLength).IsSealed(EmailHash);
        builder.Property<byte[]?>(EmailHash);
        builder.HasIndex(EmailHash).IsUnique();
        builder.Property<string>(EmailKey).HasComputedColumnSql("lower(email)", stored: true);
        builder.HasIndex(EmailKey).IsUnique();
        builder.HasIndex(c => new { c.Name, c.Id });
        builder.Property(c => c.Version).IsRowVersion();
        builder.Ignore(c => c.RowVersion);
        builder.Ignore(c => c.IsAnonymous);
        builder.LogsChanges("customer");
    }
}
