using Platform.Conditional;

namespace Platform.Domain.Products;

/// <summary>What can be ordered.</summary>
public sealed class Product
{
    /// <summary>Longest stock keeping unit.</summary>
    public const int SkuMaxLength = 64;

    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int NameMaxLength = 200;

    internal Product(ProductId id, string sku, string name, Money price, DateTimeOffset createdAt)
    {
        Id = id;
        Sku = sku;
        Name = name;
        Price = price;
        Active = true;
        CreatedAt = UpdatedAt = createdAt;
    }

    // For EF Core, which fills complex properties after construction.
    private Product(ProductId id, string sku, string name)
    {
        Id = id;
        Sku = sku;
        Name = name;
    }

    /// <summary>Its id.</summary>
    public ProductId Id { get; private set; }

    /// <summary>The stock keeping unit, unique.</summary>
    public string Sku { get; private set; }

    /// <summary>What a person calls it.</summary>
    public string Name { get; private set; }

    /// <summary>The price of one piece.</summary>
    public Money Price { get; private set; }

    /// <summary>Whether it can be ordered.</summary>
    public bool Active { get; private set; }

    /// <summary>When it was added.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Changes with each update of the row (PostgreSQL's <c>xmin</c>).</summary>
    public uint Version { get; private set; }

    /// <summary>Which version of the row this is.</summary>
    public RowVersion RowVersion => new(Version, UpdatedAt);

    internal void Change(string sku, string name, Money price, bool active, DateTimeOffset at)
    {
        Sku = sku;
        Name = name;
        Price = price;
        Active = active;
        UpdatedAt = at;
    }
}
