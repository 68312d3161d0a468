using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Conditional;

namespace Platform.Domain.Payments;

internal sealed class PaymentConfiguration : IEntityTypeConfiguration<Payment>
{
    public void Configure(EntityTypeBuilder<Payment> builder)
    {
        builder.ToTable("payments");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.ComplexProperty(p => p.Amount).IsMoney("amount", "currency");
        builder.Property(p => p.Status).HasConversion(
            status => status == PaymentStatus.Captured ? "captured" : "refunded",
            text => text == "captured" ? PaymentStatus.Captured : PaymentStatus.Refunded).HasMaxLength(16);
        builder.Property(p => p.GatewayReference).HasMaxLength(Payment.GatewayReferenceMaxLength);
        builder.Property(p => p.Version).IsRowVersion();
        builder.HasIndex(p => p.GatewayReference);
        builder.HasOne<Order>().WithMany().HasForeignKey(p => p.OrderId).OnDelete(DeleteBehavior.Restrict);

        builder.Ignore(p => p.RowVersion);
        builder.LogsChanges("payment", nameof(Payment.OrderId));

        // The database itself refuses a second payment for an order.
        builder.HasIndex(p => p.OrderId).IsUnique();
    }
}
