using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Conditional;

namespace Platform.Domain.Products;

internal sealed class ProductConfiguration : IEntityTypeConfiguration<Product>
{
    public void Configure(EntityTypeBuilder<Product> builder)
    {
        builder.ToTable("products");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.Property(p => p.Sku).HasMaxLength(Product.SkuMaxLength);
        builder.Property(p => p.Name).HasMaxLength(Product.NameMaxLength);
        builder.ComplexProperty(p => p.Price).IsMoney("price_amount", "price_currency");
        builder.HasIndex(p => p.Sku).IsUnique();
        builder.HasIndex(p => new { p.Name, p.Id });
        builder.Property(p => p.Version).IsRowVersion();
        builder.Ignore(p => p.RowVersion);
        builder.LogsChanges("product");
    }
}
