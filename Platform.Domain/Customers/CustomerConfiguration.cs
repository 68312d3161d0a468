using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.EntityFrameworkCore.Conditional;

namespace Platform.Domain.Customers;

internal sealed class CustomerConfiguration : IEntityTypeConfiguration<Customer>
{
    // Uniqueness without regard to case, held by the database.
    public const string EmailKey = "EmailKey";

    public void Configure(EntityTypeBuilder<Customer> builder)
    {
        builder.ToTable("customers");
        builder.HasKey(c => c.Id);
        builder.Property(c => c.Id).ValueGeneratedNever();
        builder.Property(c => c.Name).HasMaxLength(Customer.NameMaxLength);
        builder.Property(c => c.Email).HasMaxLength(Customer.EmailMaxLength);
        builder.Property<string>(EmailKey).HasComputedColumnSql("lower(email)", stored: true);
        builder.HasIndex(EmailKey).IsUnique();
        builder.HasIndex(c => new { c.Name, c.Id });
        builder.Property(c => c.Version).IsRowVersion();
        builder.Ignore(c => c.RowVersion);
        builder.Ignore(c => c.IsAnonymous);
        builder.LogsChanges("customer");
    }
}
