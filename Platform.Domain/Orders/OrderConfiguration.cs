using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Domain.Customers;
using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.EntityFrameworkCore.Conditional;

namespace Platform.Domain.Orders;

internal sealed class OrderConfiguration : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> builder)
    {
        builder.ToTable("orders");
        builder.HasKey(o => o.Id);
        builder.Property(o => o.Id).ValueGeneratedNever();
        builder.Property(o => o.Status).HasConversion(
            status => OrderStatusText.ToText(status), text => OrderStatusText.Parse(text)).HasMaxLength(16);
        builder.Property(o => o.Reference).HasMaxLength(Order.ReferenceMaxLength);
        builder.ComplexProperty(o => o.Total).IsMoney("total_amount", "total_currency");
        builder.HasOne<Customer>().WithMany().HasForeignKey(o => o.CustomerId).OnDelete(DeleteBehavior.Restrict);
        builder.HasIndex(o => new { o.CustomerId, o.Id });
        builder.HasIndex(o => new { o.Status, o.Id });
        builder.Property(o => o.Version).IsRowVersion();
        builder.Ignore(o => o.RowVersion);
        builder.LogsChanges("order");

        builder.HasMany(o => o.Lines).WithOne().HasForeignKey("OrderId").OnDelete(DeleteBehavior.Cascade);
        builder.Navigation(o => o.Lines).HasField("_lines").UsePropertyAccessMode(PropertyAccessMode.Field).AutoInclude();
    }
}

internal sealed class OrderLineConfiguration : IEntityTypeConfiguration<OrderLine>
{
    public void Configure(EntityTypeBuilder<OrderLine> builder)
    {
        builder.ToTable("order_lines");
        builder.Property<OrderId>("OrderId");
        builder.HasKey("OrderId", nameof(OrderLine.LineNumber));
        builder.Property(l => l.LineNumber).ValueGeneratedNever();
        builder.Property(l => l.ProductName).HasMaxLength(Product.NameMaxLength);
        builder.ComplexProperty(l => l.UnitPrice).IsMoney("unit_price_amount", "unit_price_currency");
        builder.Ignore(l => l.Total);
        builder.HasOne<Product>().WithMany().HasForeignKey(l => l.ProductId).OnDelete(DeleteBehavior.Restrict);
    }
}
